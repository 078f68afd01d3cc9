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
	"path/filepath"
	"reflect"
	"strconv"

	"github.com/go-logr/logr"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/credentialprovider"
	"k8s.io/kubernetes/pkg/credentialprovider/secrets"
)

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

func main() {
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
