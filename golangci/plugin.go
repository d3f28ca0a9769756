// Package golangci is poollint as a module plugin of golangci-lint v2. Importing it in a
// golangci-lint built by `golangci-lint custom` registers the plugin.
package golangci

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/internal/config"
)

func init() { register.Plugin("poollint", New) }

type plugin struct{}

// New returns the plugin. Its settings are the keys of .poollint.yml, which override that
// file, and
//
//	config: FILE	read this file instead; a relative path counts from golangci-lint's base path
func New(settings any) (register.LinterPlugin, error) {
	if settings == nil {
		return plugin{}, nil
	}
	given, ok := settings.(map[string]any)
	if !ok {
		return nil, fmt.Errorf("settings must be a mapping, not %T", settings)
	}
	keys := maps.Clone(given)
	if file, ok := keys["config"]; ok {
		delete(keys, "config")
		if err := setConfig(file); err != nil {
			return nil, fmt.Errorf("settings: config: %w", err)
		}
	}
	text, err := json.Marshal(keys) // which is YAML
	if err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	if err := config.Analyzer.Flags.Set("settings", string(text)); err != nil {
		var messages []string // their positions are in the text above, which the user never sees
		for _, mistake := range config.MistakesOf(err) {
			messages = append(messages, mistake.Message)
		}
		if messages != nil {
			return nil, fmt.Errorf("settings: %s", strings.Join(messages, "; "))
		}
		return nil, err
	}
	return plugin{}, nil
}

func setConfig(value any) error {
	file, ok := value.(string)
	if !ok || file == "" {
		return errors.New("must be the path of a file")
	}
	if !filepath.IsAbs(file) {
		base, err := basePath(os.Args)
		if err != nil {
			return err
		}
		file = filepath.Join(base, file)
	}
	if _, err := os.Stat(file); err != nil {
		return err
	}
	return config.Analyzer.Flags.Set("config", file)
}

// BuildAnalyzers returns the rules.
func (plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	wd, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	return keyed(poollint.Analyzers(), config.Digest(wd)), nil
}

// GetLoadMode asks for types.
func (plugin) GetLoadMode() string { return register.LoadModeTypesInfo }

// keyed makes golangci-lint's cache depend on the digest of further inputs. The cache keys
// a package's issues by the names of the linter's analyzers, and facts by the name of the
// analyzer that made them. So the digest becomes part of the names of the analyzers with
// facts, and of one more analyzer, which does nothing.
func keyed(rules []*analysis.Analyzer, digest string) []*analysis.Analyzer {
	suffix := "_" + digest
	var rename func(*analysis.Analyzer)
	rename = func(a *analysis.Analyzer) {
		for _, required := range a.Requires {
			rename(required)
		}
		if len(a.FactTypes) > 0 && !strings.HasSuffix(a.Name, suffix) {
			a.Name += suffix
		}
	}
	for _, rule := range rules {
		rename(rule)
	}
	return append(rules, &analysis.Analyzer{
		Name: "poollintinputs" + suffix,
		Doc:  "name the inputs that are no Go files",
		Run:  func(*analysis.Pass) (any, error) { return nil, nil },
	})
}
