package main

import (
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/internal/command"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/report"
)

// options are the values of the command line.
type options struct {
	outputs       command.Outputs
	rules         string
	severity      string
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
}

// newFrom says since when lines are new; at most one is set.
type newFrom struct{ rev, mergeBase string }

// declare declares the flags of linting.
func (o *options) declare(flags *flag.FlagSet) {
	command.Format(flags, &o.outputs, report.FormatNames()...)
	command.Some(flags, &o.rules, "rules", "`LIST` run only these, or all but those written -RULE", ruleNames())
	command.OneOf(flags, &o.severity, "severity", "`SEVERITY` report nothing milder than error, warning or info", "error", "warning", "info")
	flags.BoolVar(&o.fix, "fix", false, "apply the fixes to the files")
	flags.BoolVar(&o.diff, "diff", false, "print what -fix would do")
	flags.StringVar(&o.baseline, "baseline", "", "`FILE` accept the findings that it lists; one that is gone fails the run")
	flags.BoolVar(&o.writeBaseline, "write-baseline", false, "make the baseline, or take out of it what is gone")
	flags.StringVar(&o.newFrom.rev, "new-from-rev", "", "`REV` report only what is new since a git revision")
	flags.StringVar(&o.newFrom.mergeBase, "new-from-merge-base", "", "`REF` report only what is new since HEAD left a branch, as origin/main")
	flags.BoolVar(&o.version, "version", false, "print the version")
	o.declareRun(flags)
	o.declareTest(flags)
	declareRules(flags, ruleNames()...)
}

// declareRun declares the flags of everything that analyses packages.
func (o *options) declareRun(flags *flag.FlagSet) {
	flags.StringVar(&o.config, "config", "", "`FILE` read this instead of the nearest "+config.FileName)
	command.Tags(flags, &o.tags)
	command.Choice(flags, &o.load, "load", "`MODE` types of dependencies: auto, export (compile them), source", string(driver.LoadAuto), string(driver.LoadExport), string(driver.LoadSource))
	command.Choice(flags, &o.cache, "cache", "`on|off` keep results between runs: see poollint cache", "on", "off")
	command.Choice(flags, &o.progress, "progress", "`WHEN` show progress: auto, on, off", "auto", "on", "off")
	flags.BoolVar(&o.verbose, "v", false, "list findings of severity info, what could not be read, all errors")
}

// declareTest declares the flag of what may leave tests out.
func (o *options) declareTest(flags *flag.FlagSet) {
	flags.BoolVar(&o.test, "test", true, "`=false` leave test files out")
}

// aboutKeys says what help does not list: the flags of a rule, or of each RULE.
func aboutKeys(rule string) string {
	return fmt.Sprintf("-%s.KEY=VALUE overrides a key of the configuration: see poollint help %[1]s.", rule)
}

// declareRules declares the flags of the rules, each of which overrides a key of the
// configuration.
func declareRules(flags *flag.FlagSet, names ...string) {
	for _, name := range names {
		ruleNamed(name).Flags.VisitAll(func(f *flag.Flag) { flags.Var(f.Value, name+"."+f.Name, f.Usage) })
	}
}

// check completes the options. It returns an error for those that do not go together.
func (o *options) check(args []string) (err error) {
	if o.patterns, err = command.Packages(args); err != nil {
		return err
	}
	switch {
	case o.writeBaseline && o.baseline == "":
		return errors.New("-write-baseline needs -baseline FILE")
	case o.writeBaseline && o.newFrom != (newFrom{}):
		return errors.New("-write-baseline lists all findings, also those that are not new: run it without -new-from-rev and -new-from-merge-base")
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

// chosen returns the rules that -rules asks for.
func chosen(list string) ([]poollint.Rule, error) {
	all := poollint.Rules()
	if list == "" {
		return all, nil
	}
	want, not := map[string]bool{}, map[string]bool{}
	for word := range strings.SplitSeq(list, ",") {
		name, minus := strings.CutPrefix(strings.TrimSpace(word), "-")
		if ruleNamed(name) == nil {
			return nil, fmt.Errorf("-rules: %w", unknown("rule", name, ruleNames()))
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
