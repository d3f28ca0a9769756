package config

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// Whatever a key takes in a file its flag takes too, and means by it.
func TestFlagsMeanWhatKeysDo(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	for _, k := range Keys() {
		compared := 0
		for range 200 {
			value := randomValue(random, k)
			inFile, byFlag := Default(), Default()
			if inFile.Decode("f.yml", []byte(nested(strings.Split(k.Name, "."), value))) != nil {
				continue
			}
			if err := byFlag.set(k.Name, flagText(t, value)); err != nil {
				t.Errorf("%s: the file takes %s, the flag does not: %v", k.Name, value, err)
				continue
			}
			inFile.entries, byFlag.entries = nil, nil // which have places in files
			if !reflect.DeepEqual(inFile, byFlag) {
				t.Errorf("%s: %s means\n%+v in a file\n%+v as a flag", k.Name, value, inFile, byFlag)
			}
			compared++
		}
		if compared < 20 {
			t.Errorf("%s: only %d values are valid", k.Name, compared)
		}
	}
}

// nested returns a file with one key.
func nested(parts []string, value string) string {
	if len(parts) == 0 {
		return value
	}
	return fmt.Sprintf("{%q: %s}", parts[0], nested(parts[1:], value))
}

// flagText writes a value as a flag takes it: a list with commas, a mapping in YAML.
func flagText(t *testing.T, value string) string {
	t.Helper()
	var read any
	if err := json.Unmarshal([]byte(value), &read); err != nil {
		t.Fatal(err)
	}
	switch read := read.(type) {
	case string:
		return read
	case []any:
		var texts []string
		for _, one := range read {
			texts = append(texts, fmt.Sprint(one))
		}
		return strings.Join(texts, ",")
	}
	return value
}
