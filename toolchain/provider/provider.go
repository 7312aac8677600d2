// Package provider bridges the AWS provider that Terraform uses to Pulumi, for the resources in resources.json only.
//
// Names, tokens and autonaming follow @pulumi/aws, because programs are written against that package: a stack that was
// made with this build must look the same to the official plugin of the same version.
package provider

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-provider-aws/xpprovider"
	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
	sdkv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// Version is that of the @pulumi/aws package the plugin serves; the build sets it.
var Version = "0.0.0-dev"

// documentType is the token @pulumi/aws has for policies as objects.
const documentType = "aws:iam/PolicyDocument:PolicyDocument"

//go:embed resources.json
var mapping []byte

// field is what resources.json says about one property of which the bridge would guess something else.
type field struct {
	// Name is the property's name in Pulumi.
	Name string `json:"name"`
	// AutoName is the greatest length of a name made from the resource's own, where none is given. 0: none is made.
	AutoName int `json:"autoName"`
	// Lower makes such a name lower case.
	Lower bool `json:"lower"`
	// FromName takes the resource's own name as it is, where none is given.
	FromName bool `json:"fromName"`
	// MaxItemsOne false keeps a list of at most one item a list.
	MaxItemsOne *bool `json:"maxItemsOne"`
	// JSON lets a document be given as an object, too.
	JSON bool `json:"json"`
	// Asset takes a Pulumi asset for what is the path of a file upstream.
	Asset bool `json:"asset"`
	// Type is the type in Pulumi where upstream has another.
	Type string `json:"type"`
	// Default is the value where none is given.
	Default string `json:"default"`
}

type resourceMap struct {
	// Resources and Functions are tokens by upstream's names.
	Resources map[string]string `json:"resources"`
	Functions map[string]string `json:"functions"`
	// Fields are by resource and path; blocks are entered by a dot.
	Fields map[string]map[string]field `json:"fields"`
	// DeleteBeforeReplace lists resources of which there can be only one at a time.
	DeleteBeforeReplace []string `json:"deleteBeforeReplace"`
	// IDs are attributes that make up the id of a resource that has no attribute of that name.
	IDs map[string][]string `json:"ids"`
}

// Info describes the provider to the bridge. Metadata is what the generator wrote; the generator itself passes "{}".
func Info(ctx context.Context, metadata []byte) (tfbridge.ProviderInfo, error) {
	var mapped resourceMap
	if err := json.Unmarshal(mapping, &mapped); err != nil {
		return tfbridge.ProviderInfo{}, fmt.Errorf("resources.json: %w", err)
	}
	framework, sdk, err := xpprovider.GetProvider(ctx)
	if err != nil {
		return tfbridge.ProviderInfo{}, err
	}
	p := pf.MuxShimWithDisjointgPF(ctx, sdkv2.NewProvider(sdk), framework)
	info := tfbridge.ProviderInfo{
		P:            p,
		Name:         "aws",
		Version:      Version,
		MetadataInfo: tfbridge.NewProviderMetadata(metadata),
		Config:       config(),
		ExtraTypes: map[string]schema.ComplexTypeSpec{
			documentType: {ObjectTypeSpec: schema.ObjectTypeSpec{
				Type:        "object",
				Description: "A policy as an object, for which the JSON text is used.",
			}},
		},
		Resources:   map[string]*tfbridge.ResourceInfo{},
		DataSources: map[string]*tfbridge.DataSourceInfo{},
		IgnoreMappings: append(unmapped(p.ResourcesMap(), mapped.Resources),
			unmapped(p.DataSourcesMap(), mapped.Functions)...),
	}
	for name, token := range mapped.Resources {
		upstream, ok := p.ResourcesMap().GetOk(name)
		if !ok {
			return info, fmt.Errorf("resources.json: %s is no resource of the services kept", name)
		}
		r := &tfbridge.ResourceInfo{
			Tok:                 tokens.Type(token),
			Fields:              map[string]*tfbridge.SchemaInfo{},
			DeleteBeforeReplace: slices.Contains(mapped.DeleteBeforeReplace, name),
		}
		if _, ok := upstream.Schema().GetOk("region"); ok {
			r.PreCheckCallback = fillRegion
		}
		// Tags of the provider's own are merged in upstream; what comes out is no input.
		if all, ok := upstream.Schema().GetOk("tags_all"); ok && all.Optional() {
			r.Fields["tags_all"] = &tfbridge.SchemaInfo{MarkAsComputedOnly: tfbridge.True()}
		}
		if parts, ok := mapped.IDs[name]; ok {
			r.ComputeID = joined(parts)
		}
		info.Resources[name] = r
	}
	for name, token := range mapped.Functions {
		info.DataSources[name] = &tfbridge.DataSourceInfo{Tok: tokens.ModuleMember(token), Fields: map[string]*tfbridge.SchemaInfo{}}
	}
	for name, fields := range mapped.Fields {
		r, ok := info.Resources[name]
		if !ok {
			return info, fmt.Errorf("resources.json: fields of %s, which is not mapped", name)
		}
		for path, f := range fields {
			set(r.Fields, strings.Split(path, "."), f)
		}
	}
	info.SetAutonaming(255, "-")
	return info, nil
}

// set puts f at the end of a path of nested blocks.
func set(fields map[string]*tfbridge.SchemaInfo, path []string, f field) {
	s := fields[path[0]]
	if s == nil {
		s = &tfbridge.SchemaInfo{}
	}
	switch {
	case len(path) > 1:
		if s.Elem == nil {
			s.Elem = &tfbridge.SchemaInfo{Fields: map[string]*tfbridge.SchemaInfo{}}
		}
		set(s.Elem.Fields, path[1:], f)
	case f.AutoName > 0 && f.Lower:
		s = tfbridge.AutoNameTransform(f.Name, f.AutoName, strings.ToLower)
	case f.AutoName > 0:
		s = tfbridge.AutoName(f.Name, f.AutoName, "-")
	default:
		s.Name, s.MaxItemsOne, s.Type = f.Name, f.MaxItemsOne, tokens.Type(f.Type)
		if f.JSON {
			s.Type, s.AltTypes = "string", []tokens.Type{documentType}
			s.Transform = tfbridge.TransformJSONDocument
		}
		if f.Asset {
			s.Asset = &tfbridge.AssetTranslation{Kind: tfbridge.FileAsset}
		}
		if f.FromName {
			s.Default = &tfbridge.DefaultInfo{From: tfbridge.FromName(tfbridge.AutoNameOptions{})}
		}
		if f.Default != "" {
			s.Default = &tfbridge.DefaultInfo{Value: f.Default}
		}
	}
	fields[path[0]] = s
}

// config gives the settings that the official plugin takes from the environment or turns on by itself.
func config() map[string]*tfbridge.SchemaInfo {
	return map[string]*tfbridge.SchemaInfo{
		"region": {Default: &tfbridge.DefaultInfo{EnvVars: []string{"AWS_REGION", "AWS_DEFAULT_REGION"}}},
		// The list of regions that is built in ages faster than the plugin.
		"skip_region_validation":      {Default: &tfbridge.DefaultInfo{Value: true}},
		"skip_credentials_validation": {Default: &tfbridge.DefaultInfo{Value: false}},
	}
}

// fillRegion gives a resource its provider's region. Upstream does so only while it plans, after Pulumi's check; as it is
// here, and in the official plugin, resources are replaced when their provider moves to another region.
func fillRegion(_ context.Context, inputs, config resource.PropertyMap) (resource.PropertyMap, error) {
	if own, ok := inputs["region"]; ok && !own.IsNull() {
		return inputs, nil
	}
	if region, ok := config["region"]; ok && !region.IsNull() {
		inputs = inputs.Copy()
		inputs["region"] = region
	}
	return inputs, nil
}

// joined makes the id of a resource that has no attribute of that name.
func joined(attributes []string) tfbridge.ComputeID {
	return func(_ context.Context, state resource.PropertyMap) (resource.ID, error) {
		var parts []string
		for _, a := range attributes {
			if v := state[resource.PropertyKey(a)]; v.IsString() {
				parts = append(parts, v.StringValue())
			}
		}
		return resource.ID(strings.Join(parts, ",")), nil
	}
}

// unmapped lists what upstream has and the map leaves out: the bridge wants to be told.
func unmapped(all shim.ResourceMap, mapped map[string]string) []string {
	var names []string
	all.Range(func(name string, _ shim.Resource) bool {
		if _, ok := mapped[name]; !ok {
			names = append(names, name)
		}
		return true
	})
	slices.Sort(names)
	return names
}
