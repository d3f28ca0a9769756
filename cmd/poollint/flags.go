package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/nearest"
	"github.com/poollint/poollint/internal/report"
)

// options are the values of the command line.
type options struct {
	formats       []output
	rules         string
	config        string
	tags          string
	test          bool
	fix, diff     bool
	baseline      string
	writeBaseline bool
	newFrom       newFrom
	load          string
	cache         string
	progress      string
	verbose       bool
	version       bool
	patterns      []string

	given  []string // the names of the flags
	behind int      // number of arguments after the flags
}

// newFrom says since when lines are new; at most one is set.
type newFrom struct{ rev, mergeBase string }

// output is one -format flag.
type output struct {
	format report.Format
	file   string // standard output if empty
}

// flagHelp is the list of flags that -h prints.
var flagHelp = []struct{ form, usage string }{
	{"-format FORMAT[=FILE]", formatNames() + "; repeatable"},
	{"-rules LIST", "run only these, or all but those written -RULE"},
	{"-config FILE", "read this instead of the nearest " + config.FileName},
	{"-tags LIST", "build tags, as for go build"},
	{"-test=false", "leave test files out"},
	{"-fix", "apply the fixes to the files"},
	{"-diff", "print what -fix would do"},
	{"-baseline FILE", "accept the findings that the file lists; one that is gone fails the run"},
	{"-write-baseline", "make the baseline, or take out of it what is gone"},
	{"-new-from-rev REV", "report only what is new since a git revision"},
	{"-new-from-merge-base REF", "report only what is new since HEAD left a branch, as origin/main"},
	{"-load MODE", "types of dependencies: auto, export (compile them), source"},
	{"-cache on|off", "keep results between runs: see poollint cache"},
	{"-progress WHEN", "auto, on, off"},
	{"-v", "list findings of severity info, what could not be read, all errors"},
	{"-version", "print the version"},
}

func formatNames() string {
	var names []string
	for _, f := range report.Formats {
		names = append(names, f.Name)
	}
	return strings.Join(names, " ")
}

// parse reads the command line. flag.ErrHelp asks for the usage.
func parse(args []string) (*options, error) { return parseWith(args, nil) }

// parseWith reads the command line of a command with formats of its own.
func parseWith(args []string, format func(string) error) (*options, error) {
	o := &options{}
	if format == nil {
		format = o.addFormat
	}
	set := flag.NewFlagSet("poollint", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.Func("format", "", format)
	set.StringVar(&o.rules, "rules", "", "")
	set.StringVar(&o.config, "config", "", "")
	set.StringVar(&o.tags, "tags", "", "")
	set.BoolVar(&o.test, "test", true, "")
	set.BoolVar(&o.fix, "fix", false, "")
	set.BoolVar(&o.diff, "diff", false, "")
	set.StringVar(&o.baseline, "baseline", "", "")
	set.BoolVar(&o.writeBaseline, "write-baseline", false, "")
	set.StringVar(&o.newFrom.rev, "new-from-rev", "", "")
	set.StringVar(&o.newFrom.mergeBase, "new-from-merge-base", "", "")
	set.Func("load", "", choice(&o.load, string(driver.LoadAuto), string(driver.LoadExport), string(driver.LoadSource)))
	set.Func("cache", "", choice(&o.cache, "on", "off"))
	set.Func("progress", "", choice(&o.progress, "auto", "on", "off"))
	set.BoolVar(&o.verbose, "v", false, "")
	set.BoolVar(&o.version, "version", false, "")
	for _, rule := range poollint.Analyzers() {
		rule.Flags.VisitAll(func(f *flag.Flag) { set.Var(f.Value, rule.Name+"."+f.Name, f.Usage) })
	}
	if err := set.Parse(args); err != nil {
		return nil, flagError(set, err)
	}
	o.patterns = set.Args()
	o.behind = set.NArg()
	set.Visit(func(f *flag.Flag) { o.given = append(o.given, f.Name) })
	return o, o.check()
}

// flagError names the nearest flag to one that does not exist.
func flagError(set *flag.FlagSet, err error) error {
	name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: -")
	if !unknown {
		return err
	}
	var names []string
	set.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
	if guess := nearest.Of(name, names); guess != "" {
		return fmt.Errorf("unknown flag -%s; did you mean -%s?", name, guess)
	}
	return fmt.Errorf("unknown flag -%s; poollint -h lists the flags", name)
}

// check completes the options. It returns an error for those that do not go together.
func (o *options) check() error {
	for _, pattern := range o.patterns {
		if strings.HasPrefix(pattern, "-") {
			return fmt.Errorf("flag %s stands after a package; flags come first", pattern)
		}
	}
	if len(o.patterns) == 0 {
		o.patterns = []string{"./..."}
	}
	if len(o.formats) == 0 {
		o.formats = []output{{format: report.Formats[0]}}
	}
	switch {
	case o.writeBaseline && o.baseline == "":
		return errors.New("-write-baseline needs -baseline FILE")
	case o.newFrom.rev != "" && o.newFrom.mergeBase != "":
		return errors.New("-new-from-rev and -new-from-merge-base exclude each other")
	case o.fix && o.diff:
		return errors.New("-fix and -diff exclude each other")
	}
	if o.config == "" {
		return nil
	}
	file, err := filepath.Abs(o.config) // relative to the working directory, not to the module
	if err != nil {
		return err
	}
	return config.Analyzer.Flags.Set("config", file)
}

func (o *options) addFormat(text string) error {
	name, file, toFile := strings.Cut(text, "=")
	i := slices.IndexFunc(report.Formats, func(f report.Format) bool { return f.Name == name })
	switch {
	case i < 0:
		return fmt.Errorf("the formats are %s", strings.ReplaceAll(formatNames(), " ", ", "))
	case toFile && file == "":
		return errors.New("a file name must follow the =")
	}
	o.formats = append(o.formats, output{report.Formats[i], file})
	return nil
}

func choice(to *string, allowed ...string) func(string) error {
	*to = allowed[0]
	return func(text string) error {
		if !slices.Contains(allowed, text) {
			return fmt.Errorf("must be one of %s", strings.Join(allowed, ", "))
		}
		*to = text
		return nil
	}
}

// chosen returns the rules that -rules asks for.
func chosen(list string) ([]poollint.Rule, error) {
	all := poollint.Rules()
	if list == "" {
		return all, nil
	}
	want, not := map[string]bool{}, map[string]bool{}
	for word := range strings.SplitSeq(list, ",") {
		name, minus := strings.CutPrefix(strings.TrimSpace(word), "-")
		if ruleNamed(poollint.Analyzers(), name) == nil {
			return nil, errors.New(unknownRule(name, poollint.Analyzers()))
		}
		if minus {
			not[name] = true
		} else {
			want[name] = true
		}
	}
	var rules []poollint.Rule
	for _, rule := range all[:len(all)-1] {
		if (len(want) == 0 || want[rule.Name]) && !not[rule.Name] {
			rules = append(rules, rule)
		}
	}
	if last := all[len(all)-1]; not[last.Name] {
		return rules, nil
	}
	return poollint.WithDirective(rules), nil
}
