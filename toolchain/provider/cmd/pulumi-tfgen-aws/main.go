// Writes schema.json and bridge-metadata.json, which the plugin carries.
package main

import (
	"context"
	"log"

	provider "lifeboat/toolchain/provider"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfgen"
)

func main() {
	info, err := provider.Info(context.Background(), []byte("{}"))
	if err != nil {
		log.Fatal(err)
	}
	tfgen.MainWithMuxer("aws", info)
}
