package config

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
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
	check := func(doc string) (valid bool) {
		var value any
		if err := json.Unmarshal([]byte(doc), &value); err != nil {
			t.Fatal(err)
		}
		invalid := schema.Validate(value)
		decoded := Default().Decode("f.yml", []byte(doc))
		if (invalid == nil) != (decoded == nil) {
			t.Errorf("%s: schema %v, decoder %v", doc, invalid, decoded)
		}
		return decoded == nil
	}
	for _, doc := range []string{`{}`, `[]`, `{"pool": null}`, `{"pools": {}}`, `{"pool": {"size": 3}}`, `{"tenant": {"columns": ["a"]}}`} {
		check(doc)
	}
	valid := 0
	random := rand.New(rand.NewPCG(1, 2))
	const files = 400
	for range files {
		if check(randomFile(random)) {
			valid++
		}
	}
	if valid < files/5 || valid > files*4/5 {
		t.Errorf("%d of %d generated files are valid: they test one side alone", valid, files)
	}
}

// scalars are right for some keys and wrong for others.
var scalars = []string{
	`1`, `0`, `-1`, `10000`, `10001`, `true`, `null`, `""`, `" "`, `"3"`, `7.5`,
	`"5s"`, `"0s"`, `"0m0.5s"`, `"1m30s"`, `"-5s"`, `"5"`, `"1.5.2s"`, `"soon"`,
	`"by-id"`, `"trust"`, `"error"`, `"info"`, `"all"`,
	`"tenant_id"`, `"user groups"`, `"tenant_id "`,
	`"Open"`, `"a.Open"`, `"a/b.Open"`, `"a/b.v2.Open"`, `"(a/b.T).Open"`, `"(*a/b.T).Open"`, `"(a/b.T)"`, `"a/b.T.Open:x"`, `"a/b."`,
	`"a/b.Query:0"`, `"(a/b.T).Query:12"`, `"a/b.Query:-1"`, `"Query:1"`,
	`"*AllTenants"`, `"cmd/[a-z]*"`, `"a["`, `"[]"`, `"[a-]"`, `"a\\"`, `"a\\*"`,
	`"db/schema.sql"`, `"/etc/passwd"`, `"../a"`, `"a/../b"`, `"a//b"`, `"./a/"`, `"..a/b"`, `".env.ci"`, `"."`, `"a\\b"`,
}

// randomFile returns a file with a value for some keys: nearly always of the key's type,
// mostly one that it allows.
func randomFile(random *rand.Rand) string {
	var parts []string
	for _, s := range sections() {
		var keys []string
		for _, k := range s.keys {
			if random.IntN(6) == 0 {
				keys = append(keys, fmt.Sprintf("%q: %s", k.name, randomValue(random, k)))
			}
		}
		parts = append(parts, fmt.Sprintf("%q: {%s}", s.name, strings.Join(keys, ", ")))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func randomValue(random *rand.Rand, k keyDoc) string {
	scalar := func() string {
		for range 100 {
			text := scalars[random.IntN(len(scalars))]
			var word string
			if json.Unmarshal([]byte(text), &word) != nil {
				word = text
			}
			if random.IntN(20) == 0 || setsOne(k, word) {
				return text
			}
		}
		return "1"
	}
	switch {
	case random.IntN(60) == 0:
		return scalar()
	case k.value.Kind() == reflect.Slice:
		return "[" + scalar() + ", " + scalar() + "]"
	case k.value.Kind() == reflect.Map:
		return `{"plans": [` + scalar() + `]}`
	}
	return scalar()
}

// setsOne reports whether the word is allowed as the key's value, or as an entry of it.
func setsOne(k keyDoc, word string) bool {
	v := k.value
	for v.Kind() == reflect.Slice || v.Kind() == reflect.Map {
		v = reflect.New(v.Type().Elem()).Elem()
	}
	one := reflect.New(v.Type()).Elem()
	return setScalar(one, k.Tag, word) == nil
}
