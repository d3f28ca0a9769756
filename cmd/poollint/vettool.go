package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/internal/command"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/redact"
	"github.com/poollint/poollint/internal/vetx"
)

// isUnit reports whether the arguments are those of go vet's protocol: a query for the
// version or the flags, or one unit to analyse.
func isUnit(args []string) bool {
	return slices.Contains(args, "-V=full") || slices.Contains(args, "-flags") ||
		len(args) > 0 && strings.HasSuffix(args[len(args)-1], ".cfg")
}

// maxGarbage is the heap size, in bytes, at which the process of a unit starts to collect
// garbage. The go command runs one process on each processor.
const maxGarbage = 128 << 20

// vettool answers the go command.
func vettool() {
	if slices.Contains(os.Args[1:], "-V=full") {
		if err := printBuildID(os.Stdout); err != nil {
			os.Exit(command.Fail(os.Stderr, "poollint", err))
		}
		return
	}
	for name, value := range shared() {
		flag.Var(value, name, config.Analyzer.Flags.Lookup(name).Usage)
	}
	rules := poollint.Analyzers()
	if last := os.Args[len(os.Args)-1]; strings.HasSuffix(last, ".cfg") {
		if os.Getenv("GOGC") == "" { // most units end before garbage collection pays
			debug.SetGCPercent(-1)
			debug.SetMemoryLimit(maxGarbage)
		}
		prepare(last, rules)
	}
	for _, rule := range rules {
		rule.Run = naming(rule.Name, rule.Run)
	}
	unitchecker.Main(rules...)
}

// shared returns the flags that belong to no rule.
func shared() map[string]flag.Value {
	flags := map[string]flag.Value{}
	for _, name := range []string{"config", "settings"} {
		flags[name] = config.Analyzer.Flags.Lookup(name).Value
	}
	return flags
}

// naming makes a rule end its messages with its name, which go vet's text leaves out: so a
// reader knows what to configure or ignore. The go command asks for JSON in any case, and
// makes that text of it.
func naming(rule string, run func(*analysis.Pass) (any, error)) func(*analysis.Pass) (any, error) {
	return func(pass *analysis.Pass) (any, error) {
		named := *pass
		named.Report = func(d analysis.Diagnostic) {
			d.Message += " (" + rule + ")"
			pass.Report(d)
		}
		return run(&named)
	}
}

// prepare handles a unit before it is analysed. For a dependency it writes the types and
// exits, as there is nothing to find. A mistake in the configuration it reports once,
// instead of as the failure of every rule.
func prepare(file string, rules []*analysis.Analyzer) {
	text, err := os.ReadFile(file)
	if err != nil {
		return // unitchecker reports the error
	}
	var unit unitchecker.Config
	if err := json.Unmarshal(text, &unit); err != nil || len(unit.GoFiles) == 0 {
		return
	}
	// In every driver, facts are only about the user's own modules.
	ours := unit.ModulePath != "" && unit.ModuleVersion == "" || unit.Module != nil && unit.Module.Version == ""
	if !ours && unit.VetxOnly { // a dependency: only its types are needed
		if vetx.HandOn(&unit) == nil {
			os.Exit(command.Clean)
		}
		unitchecker.Run(file, nil)
	}
	err = setFlags(os.Args[1:], rules)
	if err == nil {
		_, err = config.Load(unit.Dir, !ours)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, redact.Text(err.Error()))
		os.Exit(1)
	}
}

// setFlags sets the flags among the arguments that change the configuration: unitchecker
// parses them only after prepare has loaded it.
func setFlags(args []string, rules []*analysis.Analyzer) error {
	flags := shared()
	for _, rule := range rules {
		rule.Flags.VisitAll(func(f *flag.Flag) { flags[rule.Name+"."+f.Name] = f.Value })
	}
	for len(args) > 0 {
		name, value, given := strings.Cut(strings.TrimLeft(args[0], "-"), "=")
		args = args[1:]
		v := flags[name]
		switch {
		case v == nil:
			continue
		case given:
		case isBool(v):
			value = "true"
		case len(args) > 0:
			value, args = args[0], args[1:]
		}
		if err := v.Set(value); err != nil {
			return fmt.Errorf("-%s=%s: %w", name, value, err)
		}
	}
	return nil
}

// isBool reports whether a flag takes its value after = alone.
func isBool(v flag.Value) bool {
	b, ok := v.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}

// printBuildID prints a line that identifies the tool and the inputs that the go command's
// cache does not know. The go command runs it in the user's working directory.
func printBuildID(w io.Writer) error {
	name, err := os.Executable()
	if err != nil {
		return err
	}
	binary, err := os.Open(name)
	if err != nil {
		return err
	}
	defer binary.Close()
	h := sha256.New()
	if _, err := io.Copy(h, binary); err != nil {
		return err
	}
	dir, err := os.Getwd()
	if err != nil {
		return err
	}
	fmt.Fprintln(h, config.Digest(dir))
	_, err = fmt.Fprintf(w, "%s version devel poollint buildID=%s\n", name, hex.EncodeToString(h.Sum(nil)))
	return err
}
