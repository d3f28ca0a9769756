package main

import (
	"context"
	"io"
	"runtime/debug"
	"strings"

	"github.com/poollint/poollint"
	"github.com/poollint/poollint/internal/command"
	"github.com/poollint/poollint/internal/manpage"
	"github.com/poollint/poollint/internal/ruledoc"
)

// date returns the day of the commit that the program is built of, or "" where that is not
// recorded.
func date() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.time" {
			day, _, _ := strings.Cut(s.Value, "T")
			return day
		}
	}
	return ""
}

// printMan prints the manual page.
func printMan(_ context.Context, args []string, stdout, _ io.Writer) (status int, err error) {
	if err := command.None(args); err != nil {
		return 0, err
	}
	rules := manpage.Section{Title: "RULES"}
	for _, rule := range poollint.Analyzers() {
		rules.Entries = append(rules.Entries, manpage.Entry{Term: rule.Name, Text: strings.TrimPrefix(ruledoc.Summary(rule), rule.Name+" ")})
	}
	return command.Clean, manpage.Write(stdout, program(), version(), date(), rules,
		manpage.Section{Title: "FILES", Entries: []manpage.Entry{
			{Term: ".poollint.yml", Text: "the configuration: the nearest in the directory and those above it, within the module"},
			{Term: ".env.test", Text: "may have the database that doctor and watch look at"},
		}},
		manpage.Section{Title: "ENVIRONMENT", Entries: []manpage.Entry{
			{Term: "POOLLINT_CACHE", Text: "absolute directory in which results are kept between runs, in place of the user's cache directory; off: none are kept"},
			{Term: "DATABASE_URL_TEST, TEST_DATABASE_URL, DATABASE_URL", Text: "the database that doctor and watch look at: the first that is set"},
			{Term: "POOLLINT_RECORD", Text: "directory to which testpool writes the statements that tests run, for queries"},
			{Term: "NO_COLOR", Text: "no colours on a terminal, if set"},
		}},
		manpage.Section{Title: "SEE ALSO", Entries: []manpage.Entry{
			{Term: "https://github.com/poollint/poollint", Text: "the rules' pages, configuration, CI, the other ways to run the rules"},
		}},
	)
}
