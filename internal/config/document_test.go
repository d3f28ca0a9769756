package config

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func TestTemplate(t *testing.T) {
	t.Parallel()
	c := Default()
	if err := c.Decode("f.yml", Template(nil)); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(c, Default()) {
		t.Errorf("a template without values sets some: %+v", c)
	}
	values := map[string]Proposal{"tenant.column": {YAML: "org_id"}, "pool.env_files": {YAML: "[.env.ci]"}, "tenant.level": {YAML: "by-id", Doubt: "not sure"}}
	if err := c.Decode("f.yml", Template(values)); err != nil {
		t.Fatal(err)
	}
	if c.Tenant.Column != "org_id" || len(c.Pool.EnvFiles) != 1 || c.Tenant.Level != Default().Tenant.Level {
		t.Errorf("values are not set: %+v", c)
	}
	all := regexp.MustCompile(`(?m)^  # ([a-z_]+: )`).ReplaceAllString(string(Template(nil)), "  $1")
	c = Default()
	if err := c.Decode("f.yml", []byte(all)); err != nil {
		t.Errorf("what stands in comments is not valid: %v", err)
	}
	if got := string(Template(nil)); strings.Count(got, "\n  # ") != 2*strings.Count(all, "\n  # ") {
		t.Error("not every key has its line of explanation")
	}
}

func TestEveryKeyIsDocumented(t *testing.T) {
	t.Parallel()
	for _, s := range sections() {
		for _, k := range s.keys {
			if k.name == "" || k.doc() == "" {
				t.Errorf("%s.%s has no key or no doc", s.name, k.Name)
			}
		}
	}
}

// What the schema allows the decoder takes, and the other way round.
func TestJSONSchemaAgreesWithDecode(t *testing.T) {
	t.Parallel()
	text, err := JSONSchema()
	if err != nil {
		t.Fatal(err)
	}
	var source any
	if err := json.Unmarshal(text, &source); err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("poollint.json", source); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("poollint.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, doc := range []string{
		`{}`,
		`{"pool": null}`,
		`{"pool": {"max_conns": 3, "connect_timeout": "1m30s", "helpers": ["a.B"], "self_test": true}}`,
		`{"pool": {"max_conns": 0}}`,
		`{"pool": {"max_conns": "3"}}`,
		`{"pool": {"connect_timeout": "soon"}}`,
		`{"pool": {"connect_timeout": 5}}`,
		`{"pool": {"helpers": "a.B"}}`,
		`{"pool": {"size": 3}}`,
		`{"pools": {}}`,
		`{"tenant": {"level": "by-id", "rls": "trust", "columns": {"plans": ["org_id"]}}}`,
		`{"tenant": {"level": "all"}}`,
		`{"tenant": {"columns": {"plans": "org_id"}}}`,
		`[]`,
	} {
		var value any
		if err := json.Unmarshal([]byte(doc), &value); err != nil {
			t.Fatal(err)
		}
		invalid := schema.Validate(value)
		decoded := Default().Decode("f.yml", []byte(doc))
		if (invalid == nil) != (decoded == nil) {
			t.Errorf("%s: schema %v, decoder %v", doc, invalid, decoded)
		}
	}
}
