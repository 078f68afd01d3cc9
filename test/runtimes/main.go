// The judge pulls images as CRI-O does, with the library that CRI-O pulls with, up to the layers: one JSON object a line
// on standard input, one JSON object a line on standard output, in the same order.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/docker/distribution/registry/api/errcode"
	"github.com/opencontainers/go-digest"
	"github.com/sirupsen/logrus"
	"go.podman.io/image/v5/docker"
	"go.podman.io/image/v5/image"
	"go.podman.io/image/v5/manifest"
	"go.podman.io/image/v5/types"
)

type question struct {
	Image string `json:"image"`
	// What the kubelet hands over, or what stands in an auth file; without either the pull is anybody's.
	Credential *struct {
		Username      string `json:"username"`
		Password      string `json:"password"`
		IdentityToken string `json:"identityToken"`
	} `json:"credential"`
	// A registries.conf, and directories that hold nothing else than what is asked about.
	RegistriesConf string `json:"registriesConf"`
	EmptyDir       string `json:"emptyDir"`
	CertsDir       string `json:"certsDir"`
	AuthFile       string `json:"authFile"`
}

type verdict struct {
	Digest digest.Digest `json:"digest"`
	// Of the index's entry for the node; empty where there is no index.
	Child digest.Digest `json:"child"`
	// What was asked for when it went wrong; empty where nothing did.
	Step   string `json:"step"`
	Cause  string `json:"cause"`
	Status int    `json:"status"`
	Words  string `json:"words"`
}

type panicked struct {
	Panic string `json:"panic"`
}

// A registry that asks for patience is asked five times; none of those here asks for any.
const patience = 20 * time.Second

func systemContext(asked question) *types.SystemContext {
	system := &types.SystemContext{
		SystemRegistriesConfPath:    asked.RegistriesConf,
		SystemRegistriesConfDirPath: asked.EmptyDir,
		RegistriesDirPath:           asked.EmptyDir,
		DockerPerHostCertDirPath:    asked.CertsDir,
		AuthFilePath:                asked.AuthFile,
		ArchitectureChoice:          "amd64",
		OSChoice:                    "linux",
	}
	if given := asked.Credential; given != nil && (given.Username != "" || given.IdentityToken != "") {
		system.DockerAuthConfig = &types.DockerAuthConfig{
			Username: given.Username, Password: given.Password, IdentityToken: given.IdentityToken,
		}
	}
	return system
}

var statusInWords = regexp.MustCompile(`StatusCode: (\d{3}),`)

// The cause of a failure: the status that ended it, or its kind where there was none.
func causeOf(err error) (cause string, status int) {
	var coded errcode.ErrorCoder
	var several errcode.Errors
	var unexpected docker.UnexpectedHTTPStatusError
	var unauthorized docker.ErrUnauthorizedForCredentials
	var network net.Error
	switch {
	case errors.Is(err, docker.ErrTooManyRequests):
		return "status", http.StatusTooManyRequests
	case errors.As(err, &unauthorized):
		return "status", http.StatusUnauthorized
	case errors.As(err, &unexpected):
		return "status", unexpected.StatusCode
	case errors.As(err, &several) && len(several) > 0:
		return causeOf(several[0])
	case errors.As(err, &coded):
		return "code", coded.ErrorCode().Descriptor().HTTPStatusCode
	case errors.As(err, &network):
		return "network", 0
	}
	// What the mirrors said stands before it.
	_, own, isAfterMirrors := strings.Cut(err.Error(), "]): ")
	if !isAfterMirrors {
		own = err.Error()
	}
	if found := statusInWords.FindStringSubmatch(own); found != nil {
		fmt.Sscan(found[1], &status)
		return "status", status
	}
	return "other", 0
}

func failed(so verdict, step string, err error) verdict {
	so.Step, so.Words = step, err.Error()
	so.Cause, so.Status = causeOf(err)
	return so
}

func pull(ctx context.Context, asked question) (so verdict) {
	system := systemContext(asked)
	reference, err := docker.ParseReference("//" + asked.Image)
	if err != nil {
		return failed(so, "name", err)
	}
	source, err := reference.NewImageSource(ctx, system)
	if err != nil {
		return failed(so, "manifest", err)
	}
	defer source.Close()
	unparsed := image.UnparsedInstance(source, nil)
	content, mediaType, err := unparsed.Manifest(ctx)
	if err != nil {
		return failed(so, "manifest", err)
	}
	if so.Digest, err = manifest.Digest(content); err != nil {
		return failed(so, "manifest", err)
	}
	if manifest.MIMETypeIsMultiImage(mediaType) {
		list, err := manifest.ListFromBlob(content, mediaType)
		if err != nil {
			return failed(so, "manifest", err)
		}
		if so.Child, err = list.ChooseInstance(system); err != nil {
			return failed(so, "platform", err)
		}
		unparsed = image.UnparsedInstance(source, &so.Child)
		if _, _, err = unparsed.Manifest(ctx); err != nil {
			return failed(so, "child", err)
		}
	}
	parsed, err := image.FromUnparsedImage(ctx, system, unparsed)
	if err != nil {
		return failed(so, "manifest", err)
	}
	if _, err = parsed.ConfigBlob(ctx); err != nil {
		return failed(so, "config", err)
	}
	return so
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
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return pull(ctx, asked)
}

func main() {
	logrus.SetOutput(io.Discard)
	lines := bufio.NewReader(os.Stdin)
	answers := json.NewEncoder(os.Stdout)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		if err := answers.Encode(answer(line)); err != nil {
			os.Exit(1)
		}
	}
}
