// The registry of the CNCF project distribution, as its own cmd/registry makes it, but without the clouds' storages: they are
// most of what it is built from.
package main

import (
	"github.com/distribution/distribution/v3/registry"
	_ "github.com/distribution/distribution/v3/registry/auth/htpasswd"
	_ "github.com/distribution/distribution/v3/registry/auth/token"
	_ "github.com/distribution/distribution/v3/registry/proxy"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/filesystem"
)

func main() {
	// It has said why by then, and has set the exit code.
	_ = registry.RootCmd.Execute()
}
