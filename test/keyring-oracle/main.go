// Oracle answers questions with the kubelet's own code for pull credentials, so that ours can be compared with it: one JSON object a line on
// standard input, one JSON object a line on standard output, in the same order.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"unsafe"

	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	kubejson "k8s.io/apimachinery/pkg/runtime/serializer/json"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/validation/field"
	"k8s.io/klog/v2"
	credentialproviderapi "k8s.io/kubelet/pkg/apis/credentialprovider"
	"k8s.io/kubernetes/pkg/credentialprovider"
	"k8s.io/kubernetes/pkg/credentialprovider/plugin"
	"k8s.io/kubernetes/pkg/credentialprovider/secrets"
	kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"
)

// For files, which the kubelet's code wants by their names.
var folder = filepath.Join(os.TempDir(), fmt.Sprintf("pullgate-keyring-oracle-%d", os.Getpid()))

const answerVersion = "credentialprovider.kubelet.k8s.io/v1"

type question struct {
	Ask string `json:"ask"`
	// Bytes, which need not be UTF-8.
	Content []byte `json:"content"`
	Format  string `json:"format"`
	Pattern string `json:"pattern"`
	Name    string `json:"name"`
	Secrets []struct {
		Type string            `json:"type"`
		Data map[string][]byte `json:"data"`
	} `json:"secrets"`
}

type failure struct {
	Error string `json:"error"`
}

type panicked struct {
	Panic string `json:"panic"`
}

func answer(line []byte) (result any) {
	defer func() {
		if reason := recover(); reason != nil {
			result = panicked{fmt.Sprint(reason)}
		}
	}()
	var asked question
	if err := json.Unmarshal(line, &asked); err != nil {
		return panicked{"the question is not understood: " + err.Error()}
	}
	switch asked.Ask {
	case "config":
		return readConfig(asked.Format, asked.Content)
	case "glob":
		matched, err := filepath.Match(asked.Pattern, asked.Name)
		return map[string]bool{"matched": matched && err == nil}
	case "place":
		matched, err := credentialprovider.URLsMatchStr(asked.Pattern, asked.Name)
		return map[string]bool{"matched": matched && err == nil}
	case "keyring":
		return lookUp(asked)
	case "providers":
		return readProviders(asked.Content)
	case "answer":
		return readAnswer(asked.Content)
	case "provide":
		return provide(asked.Content, asked.Name)
	}
	return panicked{"no such question: " + asked.Ask}
}

type entry struct {
	Place    string `json:"place"`
	Username string `json:"username"`
	Password string `json:"password"`
}

type config struct {
	Entries []entry `json:"entries"`
}

func readConfig(format string, content []byte) any {
	var entries credentialprovider.DockerConfig
	var err error
	if format == "dockercfg" {
		err = json.Unmarshal(content, &entries)
	} else {
		var whole credentialprovider.DockerConfigJSON
		err = json.Unmarshal(content, &whole)
		entries = whole.Auths
	}
	if err != nil {
		return failure{err.Error()}
	}
	list := config{[]entry{}}
	for place, its := range entries {
		list.Entries = append(list.Entries, entry{place, its.Username, its.Password})
	}
	return list
}

type login struct {
	Username string `json:"username"`
	Password string `json:"password"`
}

// What reads and checks the file is not exported; linkname.s lets the compiler take functions without a body.

//go:linkname readCredentialProviderConfig k8s.io/kubernetes/pkg/credentialprovider/plugin.readCredentialProviderConfig
func readCredentialProviderConfig(path string) (*kubeletconfig.CredentialProviderConfig, string, error)

//go:linkname validateCredentialProviderConfig k8s.io/kubernetes/pkg/credentialprovider/plugin.validateCredentialProviderConfig
func validateCredentialProviderConfig(config *kubeletconfig.CredentialProviderConfig, tokens bool) field.ErrorList

type variable struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type tokenTerms struct {
	Audience            string   `json:"audience"`
	Cache               string   `json:"cache"`
	Require             bool     `json:"requireServiceAccount"`
	RequiredAnnotations []string `json:"requiredAnnotations"`
	OptionalAnnotations []string `json:"optionalAnnotations"`
}

type provider struct {
	Name        string      `json:"name"`
	MatchImages []string    `json:"matchImages"`
	CacheMs     float64     `json:"defaultCacheMs"`
	APIVersion  string      `json:"apiVersion"`
	Args        []string    `json:"args"`
	Env         []variable  `json:"env"`
	Token       *tokenTerms `json:"token,omitempty"`
}

type providers struct {
	Providers []provider `json:"providers"`
}

func inShort(config kubeletconfig.CredentialProvider) provider {
	short := provider{
		Name: config.Name, MatchImages: config.MatchImages, APIVersion: config.APIVersion,
		CacheMs: float64(config.DefaultCacheDuration.Nanoseconds()) / 1e6,
		Args:    append([]string{}, config.Args...),
		Env:     []variable{},
	}
	for _, its := range config.Env {
		short.Env = append(short.Env, variable{its.Name, its.Value})
	}
	if token := config.TokenAttributes; token != nil {
		short.Token = &tokenTerms{
			Audience: token.ServiceAccountTokenAudience, Cache: string(token.CacheType), Require: *token.RequireServiceAccount,
			RequiredAnnotations: append([]string{}, token.RequiredServiceAccountAnnotationKeys...),
			OptionalAnnotations: append([]string{}, token.OptionalServiceAccountAnnotationKeys...),
		}
	}
	return short
}

// What the kubelet reads in a CredentialProviderConfig, before it looks for the programs.
func readProviders(content []byte) any {
	file := filepath.Join(folder, "providers")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		panic(err)
	}
	config, _, err := readCredentialProviderConfig(file)
	if err != nil {
		return failure{err.Error()}
	}
	if errs := validateCredentialProviderConfig(config, true); len(errs) > 0 {
		return failure{errs.ToAggregate().Error()}
	}
	read := providers{}
	for _, its := range config.Providers {
		read.Providers = append(read.Providers, inShort(its))
	}
	return read
}

//go:linkname decodeResponse k8s.io/kubernetes/pkg/credentialprovider/plugin.(*execPlugin).decodeResponse
func decodeResponse(plugin unsafe.Pointer, content []byte) (*credentialproviderapi.CredentialProviderResponse, error)

type provided struct {
	CacheKey string   `json:"cacheKey"`
	CacheMs  *float64 `json:"cacheMs,omitempty"`
	Entries  []entry  `json:"entries"`
}

// Reads a provider's answer as ExecPlugin does once the program has ended, and as provideWithCoordinates looks at it.
func readAnswer(content []byte) any {
	gvk, err := kubejson.DefaultMetaFactory.Interpret(content)
	if err != nil {
		return failure{err.Error()}
	}
	if gvk.GroupVersion().String() != answerVersion {
		return failure{"another version"}
	}
	response, err := decodeResponse(nil, content)
	if err != nil {
		return failure{err.Error()}
	}
	read := provided{CacheKey: string(response.CacheKeyType), Entries: []entry{}}
	switch response.CacheKeyType {
	case credentialproviderapi.ImagePluginCacheKeyType:
	case credentialproviderapi.RegistryPluginCacheKeyType:
	case credentialproviderapi.GlobalPluginCacheKeyType:
	default:
		return failure{"no such cacheKeyType"}
	}
	if response.CacheDuration != nil {
		milliseconds := float64(response.CacheDuration.Nanoseconds()) / 1e6
		read.CacheMs = &milliseconds
	}
	for place, its := range response.Auth {
		read.Entries = append(read.Entries, entry{place, its.Username, its.Password})
	}
	return read
}

// What comes of the answer of a program that prints a file and keeps nothing: all of the kubelet's own way, which costs a process.
func provide(content []byte, name string) any {
	if err := os.WriteFile(filepath.Join(folder, "answer"), content, 0o600); err != nil {
		panic(err)
	}
	found, _ := plugin.NewExternalCredentialProviderDockerKeyring("", "", "", "").Lookup(name)
	list := []login{}
	for _, match := range found {
		list = append(list, login{match.Username, match.Password})
	}
	return matches{[][]login{list}}
}

// The matches in the order in which they are tried. Those of one secret whose keys come out equal stand in one group: their order is
// that of a Go map, which is another one each time.
type matches struct {
	Groups [][]login `json:"groups"`
}

func lookUp(asked question) any {
	var list []corev1.Secret
	for index, given := range asked.Secrets {
		secret := corev1.Secret{Type: corev1.SecretType(given.Type), Data: given.Data}
		secret.UID = types.UID(strconv.Itoa(index))
		list = append(list, secret)
	}
	keyring, err := secrets.MakeDockerKeyring(list, &credentialprovider.BasicDockerKeyring{})
	if err != nil {
		return failure{err.Error()}
	}
	found, _ := keyring.Lookup(asked.Name)
	return matches{grouped(keyring, asked.Name, found)}
}

// Takes the matches apart where the key or the secret changes; the keys are not among what the original shows.
func grouped(keyring credentialprovider.DockerKeyring, name string, found []credentialprovider.TrackedAuthConfig) [][]login {
	groups := [][]login{}
	for _, length := range keyLengths(keyring, name, len(found)) {
		var secret string
		for index, match := range found[:length] {
			if index == 0 || match.Source.Secret.UID != secret {
				groups = append(groups, nil)
			}
			secret = match.Source.Secret.UID
			last := len(groups) - 1
			groups[last] = append(groups[last], login{match.Username, match.Password})
		}
		found = found[length:]
	}
	if len(found) > 0 {
		panic("more matches than the keys have")
	}
	return groups
}

// How many of the matches each key has brought.
func keyLengths(keyring credentialprovider.DockerKeyring, name string, found int) []int {
	union, ok := keyring.(credentialprovider.UnionDockerKeyring)
	if !ok {
		return nil
	}
	inside := reflect.ValueOf(union[0]).Elem()
	index, creds := inside.FieldByName("index"), inside.FieldByName("creds")
	lengths := []int{}
	for at := range index.Len() {
		key := index.Index(at)
		if matched, _ := credentialprovider.URLsMatchStr(key.String(), name); matched {
			lengths = append(lengths, creds.MapIndex(key).Len())
		}
	}
	// No key matches: what was found is Docker Hub's, all under one key.
	if len(lengths) == 0 && found > 0 {
		return []int{found}
	}
	return lengths
}

// Registers a provider that prints the answer that it is to give; what is registered cannot be taken back.
func registerPrinter() {
	cat, err := exec.LookPath("cat")
	if err != nil {
		log.Fatal(err)
	}
	config := fmt.Sprintf(`{"apiVersion": "kubelet.config.k8s.io/v1", "kind": "CredentialProviderConfig", "providers": [{
		"name": %q, "matchImages": ["*.example.com"], "defaultCacheDuration": "0s", "args": [%q],
		"apiVersion": %q}]}`, filepath.Base(cat), filepath.Join(folder, "answer"), answerVersion)
	file := filepath.Join(folder, "printer")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		log.Fatal(err)
	}
	if err := plugin.RegisterCredentialProviderPlugins(file, filepath.Dir(cat), nil, nil); err != nil {
		log.Fatal(err)
	}
}

func main() {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	registerPrinter()
	// The kubelet logs each entry that it passes over.
	klog.SetLogger(logr.Discard())
	in, out := bufio.NewReaderSize(os.Stdin, 1<<20), bufio.NewWriterSize(os.Stdout, 1<<20)
	for {
		line, err := in.ReadBytes('\n')
		if err == io.EOF {
			return
		}
		if err != nil {
			log.Fatal(err)
		}
		text, err := json.Marshal(answer(line))
		if err != nil {
			log.Fatal(err)
		}
		out.Write(append(text, '\n'))
		if in.Buffered() > 0 {
			continue
		}
		if err := out.Flush(); err != nil {
			log.Fatal(err)
		}
	}
}
