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
	"os"

	"github.com/containerd/platforms"
	"github.com/distribution/reference"
	"github.com/opencontainers/go-digest"
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
