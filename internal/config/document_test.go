package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
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
	for _, k := range Keys() {
		if k.name() == "" || k.doc() == "" || !strings.Contains(k.Flag, ".") {
			t.Errorf("%s has no key, no doc or no flag", k.Name)
		}
	}
}

// compiledSchema returns the JSON Schema as a validator that others maintain reads it.
func compiledSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
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
	return schema
}

// What the schema allows the decoder takes, and the other way round.
func TestJSONSchemaAgreesWithDecode(t *testing.T) {
	t.Parallel()
	schema := compiledSchema(t)
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

// What the decoder takes of YAML that nobody would write the schema allows too, and what it
// does not take has a place. It may be stricter: aliases, tags and keys that are set twice
// mean nothing to the schema.
func TestHostileYAML(t *testing.T) {
	t.Parallel()
	schema := compiledSchema(t)
	random := rand.New(rand.NewPCG(3, 4))
	taken := 0
	check := func(doc string) {
		err := Default().Decode("f.yml", []byte(doc))
		var mistake *Error
		if err != nil {
			if !errors.As(err, &mistake) || mistake.Line < 1 || mistake.Column < 1 {
				t.Errorf("%q: no place: %v", doc, err)
			}
			return
		}
		taken++
		var read any
		if err := yaml.Unmarshal([]byte(doc), &read); err != nil || read == nil {
			return // nothing but comments
		}
		text, err := json.Marshal(read)
		if err != nil {
			return // infinity, which JSON does not have
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%q: decoded, but the schema says %v", doc, err)
		}
	}
	const files = 2000
	for range files {
		doc := randomFile(random)
		for Default().Decode("f.yml", []byte(doc)) != nil {
			doc = randomFile(random)
		}
		for range 1 + random.IntN(2) {
			at, more := random.IntN(len(doc)+1), hostile[random.IntN(len(hostile))]
			cut := min(len(doc), at+random.IntN(3))
			doc = doc[:at] + more + doc[cut:]
		}
		check(doc)
	}
	if taken < files/50 {
		t.Errorf("only %d of %d files are taken: the schema is hardly asked", taken, files)
	}
}

// hostile are pieces of YAML that are put into files.
var hostile = []string{
	"&a ", "*a", "<<: ", "!!binary ", "!!str ", "!!int ", "!x ", "? ", ": ", "- ", "| \n", "> \n", "---\n", "...\n", "%YAML 1.1\n",
	"\x00", "\ufeff", "\r\n", "\t", "\u2028", "\xff", "# ", "~", ".nan", ".inf", "0x1f", "0o17", "1_000", "1e3", "2001-01-01", "yes", "=",
	"{", "}", "[", "]", ",", "\"", "'", "\\", "{}: 1, ", "[a]: 1, ", "1: 2, ", "null: 3, ", strings.Repeat("[", 300), strings.Repeat("9", 400),
}

// scalars are right for some keys and wrong for others.
var scalars = []string{
	`1`, `0`, `-1`, `10000`, `10001`, `true`, `null`, `""`, `" "`, `"3"`, `7.5`,
	`"5s"`, `"0s"`, `"0m0.5s"`, `"1m30s"`, `"-5s"`, `"5"`, `"1.5.2s"`, `"soon"`,
	`"by-id"`, `"trust"`, `"error"`, `"info"`, `"all"`, `"warning"`, `"default"`, `"off"`, `false`,
	`"tenant_id"`, `"user groups"`, `"tenant_id "`,
	`"Open"`, `"a.Open"`, `"a/b.Open"`, `"a/b.v2.Open"`, `"(a/b.T).Open"`, `"(*a/b.T).Open"`, `"(a/b.T)"`, `"a/b.T.Open:x"`, `"a/b."`,
	`"a/b.Query:0"`, `"(a/b.T).Query:12"`, `"a/b.Query:-1"`, `"Query:1"`,
	`"*AllTenants"`, `"cmd/[a-z]*"`, `"legacy/**"`, `"**/*_gen.go"`, `"/legacy"`, `"[/a]"`, `"a["`, `"[]"`, `"[a-]"`, `"a\\"`, `"a\\*"`,
	`"db/schema.sql"`, `"/etc/passwd"`, `"../a"`, `"a/../b"`, `"a//b"`, `"./a/"`, `"..a/b"`, `".env.ci"`, `"."`, `"a\\b"`,
}

// randomFile returns a file with a value for some keys: nearly always of the key's type,
// mostly one that it allows.
func randomFile(random *rand.Rand) string { return randomPart(random, sections()) }

func randomPart(random *rand.Rand, keys []Key) string {
	var parts []string
	for _, k := range keys {
		switch {
		case k.below != nil && random.IntN(80) == 0:
			parts = append(parts, fmt.Sprintf("%q: %s", k.name(), scalars[random.IntN(len(scalars))]))
		case k.below != nil:
			parts = append(parts, fmt.Sprintf("%q: %s", k.name(), randomPart(random, k.below)))
		case random.IntN(12) == 0:
			parts = append(parts, fmt.Sprintf("%q: %s", k.name(), randomValue(random, k)))
		}
	}
	if random.IntN(100) == 0 {
		parts = append(parts, `"colour": "red"`)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

func randomValue(random *rand.Rand, k Key) string {
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
	name := func() string {
		return []string{`"plans"`, `"user groups"`, `""`, `" plans"`}[max(0, random.IntN(40)-36)]
	}
	switch {
	case random.IntN(60) == 0:
		return scalar()
	case random.IntN(60) == 0:
		return []string{`[]`, `{}`, `{"plans": []}`}[random.IntN(3)]
	case k.value.Kind() == reflect.Slice:
		return "[" + scalar() + ", " + scalar() + "]"
	case k.value.Kind() == reflect.Map:
		return `{` + name() + `: [` + scalar() + `]}`
	}
	return scalar()
}

// setsOne reports whether the word is allowed as the key's value, or as an entry of it.
func setsOne(k Key, word string) bool {
	v := k.value
	for v.Kind() == reflect.Slice || v.Kind() == reflect.Map {
		v = reflect.New(v.Type().Elem()).Elem()
	}
	one := reflect.New(v.Type()).Elem()
	return setScalar(one, k.Tag, word) == nil
}
