package config

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
)

// override is a key that a flag set, such as -tenantfilter.level=by-id.
type override struct{ key, value string }

// Flags returns the flags of a rule, one for each key that names the rule in its tag flag,
// and for those that every rule has. Each takes what the key takes, a list separated by
// commas, a mapping in YAML. The override holds for the whole run, so that every analyzer
// sees it.
func Flags(rule string) flag.FlagSet {
	var set flag.FlagSet
	for _, k := range Keys() {
		if of, name, _ := strings.Cut(k.Flag, "."); of == rule {
			set.Var(&keyFlag{key: k.Name, bool: k.value.Kind() == reflect.Bool}, name, k.usage())
		}
	}
	return set
}

// Given returns what the flags of the process say, with the content of the file
// that -config names: for caches, a part of every key.
func Given() string {
	var text []byte
	if filepath.IsAbs(file) {
		text, _ = os.ReadFile(file) // one that cannot be read stops the run anyway
	}
	return fmt.Sprintf("%q %q %q %q", file, text, settings, overrides)
}

// keyFlag is the flag.Value of one key.
type keyFlag struct {
	key  string
	bool bool
	text string
}

func (f *keyFlag) String() string   { return f.text }
func (f *keyFlag) IsBoolFlag() bool { return f.bool }

func (f *keyFlag) Set(text string) error {
	if err := Default().set(f.key, text); err != nil {
		return err
	}
	f.text = text
	overrides = append(overrides, override{f.key, text})
	return nil
}

// set sets the key from the text of a flag.
func (c *Config) set(key, text string) error {
	v, field, err := lookup(c, key)
	if err != nil {
		return err
	}
	switch v.Kind() {
	case reflect.Map:
		return c.setMapping(key, text)
	case reflect.Slice:
		var entries []string
		if text != "" {
			entries = strings.Split(text, ",")
		}
		for i := range entries {
			if err := setScalar(reflect.ValueOf(&entries[i]).Elem(), field.Tag, entries[i]); err != nil {
				return fmt.Errorf("%q must be %s", entries[i], kindOf(v.Type().Elem(), field.Tag))
			}
		}
		v.Set(reflect.ValueOf(entries))
		c.keepGiven(key, entries)
		return nil
	}
	if err := setScalar(v, field.Tag, text); err != nil {
		return fmt.Errorf("must be %s", kindOf(v.Type(), field.Tag))
	}
	return nil
}

// setMapping sets a key whose value is a mapping from YAML.
func (c *Config) setMapping(key, text string) error {
	part, name, _ := strings.Cut(key, ".")
	err := c.Decode("", fmt.Appendf(nil, "%s: {%s: %s}", part, name, text))
	var mistake *Error
	if errors.As(err, &mistake) { // its position is in a text that the user never sees
		return errors.New(mistake.Message)
	}
	return err
}

// keepGiven records the entries that a flag gives.
func (c *Config) keepGiven(key string, values []string) {
	var entries []Entry
	for _, value := range values {
		entries = append(entries, Entry{Value: value})
	}
	c.keep(map[string][]Entry{key: entries})
}

// lookup finds the value of a key such as tenant.level.
func lookup(c *Config, key string) (reflect.Value, reflect.StructField, error) {
	v := reflect.ValueOf(c).Elem()
	var field reflect.StructField
	for part := range strings.SplitSeq(key, ".") {
		if v.Kind() != reflect.Struct {
			return v, field, fmt.Errorf("%s is not a key", key)
		}
		i, ok := fieldsOf(v.Type())[part]
		if !ok {
			return v, field, errors.New(unknownKey("", part, v.Type()))
		}
		v, field = v.Field(i), v.Type().Field(i)
	}
	return v, field, nil
}
