// Oracle answers questions with the Go code that the kubelet, the scheduler and containerd link, so that ours can be compared with it:
// one JSON object a line on standard input, one JSON object a line on standard output, in the same order.
package main

import (
	"bufio"
	_ "crypto/sha256" // go-digest knows the algorithms that are linked: the kubelet's parser links these two packages, which are three algorithms.
	_ "crypto/sha512"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"

	"github.com/containerd/containerd/v2/core/remotes/docker/auth" // Of 2.2, whose reader of challenges is 2.4's; later ones raise the modules below.
	"github.com/containerd/platforms"
	"github.com/distribution/reference"
	"github.com/opencontainers/go-digest"
	"golang.org/x/net/http/httpproxy"
	corev1 "k8s.io/api/core/v1"
	scheduling "k8s.io/component-helpers/scheduling/corev1"
	"k8s.io/component-helpers/scheduling/corev1/nodeaffinity"
	"k8s.io/klog/v2"
)

type question struct {
	Ask   string             `json:"ask"`
	Text  string             `json:"text"`
	Node  platforms.Platform `json:"node"`
	Image platforms.Platform `json:"image"`
	Other platforms.Platform `json:"other"`
	Pod   corev1.Pod         `json:"pod"`
	On    corev1.Node        `json:"on"`
	Lines []string           `json:"lines"`
	// The values of HTTP_PROXY, HTTPS_PROXY and NO_PROXY, and the URL that is asked for.
	HTTPProxy  string `json:"httpProxy"`
	HTTPSProxy string `json:"httpsProxy"`
	NoProxy    string `json:"noProxy"`
	URL        string `json:"url"`
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
	case "reference":
		return parseReference(asked.Text)
	case "digest":
		return parseDigest(asked.Text)
	case "platform":
		return parsePlatform(asked.Text)
	case "match":
		return matchPlatforms(asked.Node, asked.Image, asked.Other)
	case "placement":
		return place(&asked.Pod, &asked.On)
	case "challenges":
		return parseChallenges(asked.Lines)
	case "route":
		return route(&asked)
	}
	return panicked{"no such question: " + asked.Ask}
}

type namedImage struct {
	Registry   string `json:"registry"`
	Repository string `json:"repository"`
	Tag        string `json:"tag"`
	Digest     string `json:"digest"`
	// The tag that the kubelet and the API server's defaulting see: "latest" when neither tag nor digest is written.
	PulledTag string `json:"pulledTag"`
	// What containerd's CRI asks for: the digest alone when there is one.
	Canonical string `json:"canonical"`
}

func parseReference(text string) any {
	named, err := reference.ParseNormalizedNamed(text)
	if err != nil {
		return failure{err.Error()}
	}
	image := namedImage{Registry: reference.Domain(named), Repository: reference.Path(named)}
	if tagged, ok := named.(reference.Tagged); ok {
		image.Tag = tagged.Tag()
	}
	if digested, ok := named.(reference.Digested); ok {
		image.Digest = digested.Digest().String()
	}
	image.PulledTag = image.Tag
	if image.Tag == "" && image.Digest == "" {
		image.PulledTag = "latest"
	}
	canonical, err := reference.ParseDockerRef(text)
	if err != nil {
		return failure{err.Error()}
	}
	image.Canonical = canonical.String()
	return image
}

type digestParts struct {
	Algorithm string `json:"algorithm"`
	Encoded   string `json:"encoded"`
}

func parseDigest(text string) any {
	parsed, err := digest.Parse(text)
	if err != nil {
		return failure{err.Error()}
	}
	return digestParts{parsed.Algorithm().String(), parsed.Encoded()}
}

type platformForms struct {
	Parsed     platforms.Platform `json:"parsed"`
	Normalized platforms.Platform `json:"normalized"`
	Text       string             `json:"text"`
}

func formsOf(platform platforms.Platform) platformForms {
	return platformForms{platform, platforms.Normalize(platform), platforms.FormatAll(platform)}
}

func parsePlatform(text string) any {
	parsed, err := platforms.Parse(text)
	if err != nil {
		return failure{err.Error()}
	}
	return formsOf(parsed)
}

// What containerd's local pull path makes of two images: whether the node runs the first, and which it takes when it has both.
type choice struct {
	Runs  bool `json:"runs"`
	First bool `json:"first"`
	Last  bool `json:"last"`
}

func choose(node platforms.MatchComparer, image, other platforms.Platform) choice {
	return choice{node.Match(image), node.Less(image, other), node.Less(other, image)}
}

type match struct {
	Image platformForms `json:"image"`
	Local choice        `json:"local"`
	// The same by a containerd that does not look at os.features yet.
	OldLocal choice `json:"oldLocal"`
	// Without the node's fall-backs.
	Strict bool `json:"strict"`
	// Of the platform as it stands: containerd's transfer path.
	Transfer bool `json:"transfer"`
}

func matchPlatforms(node, image, other platforms.Platform) any {
	only := platforms.Only(node)
	return match{
		Image:    formsOf(image),
		Local:    choose(only, image, other),
		OldLocal: choose(only, withoutFeatures(image), withoutFeatures(other)),
		Strict:   platforms.OnlyStrict(node).Match(image),
		Transfer: platforms.Ordered(node).Match(image),
	}
}

func withoutFeatures(platform platforms.Platform) platforms.Platform {
	platform.OSFeatures = nil
	return platform
}

type placement struct {
	// By node selector and required affinity; false as well where the scheduler calls a term malformed.
	Selected bool `json:"selected"`
	// Every taint that keeps pods away, with the comparison operators Lt and Gt, which stand behind a feature gate.
	Tolerated bool `json:"tolerated"`
}

func place(pod *corev1.Pod, node *corev1.Node) any {
	selected, err := nodeaffinity.GetRequiredNodeAffinity(pod).Match(node)
	var silent klog.Logger
	_, repelled := scheduling.FindMatchingUntoleratedTaint(silent, node.Spec.Taints, pod.Spec.Tolerations, keepsAway, true)
	return placement{Selected: selected && err == nil, Tolerated: !repelled}
}

func keepsAway(taint *corev1.Taint) bool {
	return taint.Effect == corev1.TaintEffectNoSchedule || taint.Effect == corev1.TaintEffectNoExecute
}

type challenge struct {
	Scheme     string            `json:"scheme"`
	Parameters map[string]string `json:"parameters"`
}

var schemes = map[auth.AuthenticationScheme]string{auth.BasicAuth: "basic", auth.DigestAuth: "digest", auth.BearerAuth: "bearer"}

func parseChallenges(lines []string) any {
	challenges := []challenge{}
	for _, found := range auth.ParseAuthHeader(http.Header{"Www-Authenticate": lines}) {
		challenges = append(challenges, challenge{schemes[found.Scheme], found.Parameters})
	}
	return challenges
}

// The proxy that a URL is asked through, as Go's transport takes it from the settings.
type proxy struct {
	Direct   bool   `json:"direct"`
	Scheme   string `json:"scheme"`
	Hostname string `json:"hostname"`
	Port     string `json:"port"`
	// Credentials are sent where any are written, even empty ones.
	HasUser  bool   `json:"hasUser"`
	Username []byte `json:"username"`
	Password []byte `json:"password"`
}

func route(asked *question) any {
	target, err := url.Parse(asked.URL)
	if err != nil {
		return failure{err.Error()}
	}
	settings := httpproxy.Config{HTTPProxy: asked.HTTPProxy, HTTPSProxy: asked.HTTPSProxy, NoProxy: asked.NoProxy}
	through, err := settings.ProxyFunc()(target)
	if err != nil {
		return failure{err.Error()}
	}
	if through == nil {
		return proxy{Direct: true}
	}
	password, _ := through.User.Password()
	return proxy{
		Scheme: through.Scheme, Hostname: through.Hostname(), Port: through.Port(),
		HasUser: through.User != nil, Username: []byte(through.User.Username()), Password: []byte(password),
	}
}

func main() {
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
