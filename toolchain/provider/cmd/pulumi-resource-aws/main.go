// The AWS plugin for the Pulumi engine.
package main

import (
	"context"
	_ "embed"
	"log"

	provider "lifeboat/toolchain/provider"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
)

// Both files are made by pulumi-tfgen-aws in the build.
var (
	//go:embed schema.json
	schema []byte
	//go:embed bridge-metadata.json
	metadata []byte
)

func main() {
	ctx := context.Background()
	info, err := provider.Info(ctx, metadata)
	if err != nil {
		log.Fatal(err)
	}
	tfbridge.MainWithMuxer(ctx, "aws", info, schema)
}
