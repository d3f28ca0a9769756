package adopt

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/poollint/poollint/internal/fix"
	"github.com/poollint/poollint/internal/git"
	"github.com/poollint/poollint/internal/printable"
)

// Print writes the plan: what each step changes, what is left and why, and how many findings
// there are before and after. The function gives the paths to show.
func (r *Result) Print(w io.Writer, path func(string) string) {
	for _, s := range r.Steps {
		var files []string
		for file := range s.Files {
			files = append(files, path(file))
		}
		slices.Sort(files)
		fmt.Fprintf(w, "%-9s %s\n", s.Name, printable.Line(strings.Join(files, " ")))
	}
	for i, l := range r.Left {
		if i == 0 {
			fmt.Fprintln(w, "left as they are:")
		}
		fmt.Fprintf(w, "\t%s\n", printable.Line(fmt.Sprintf("%s:%d: %s", path(l.Path), l.Line, l.Why)))
	}
	before, after := r.tally()
	fmt.Fprintf(w, "%s before, %d after%s\n", before, len(r.After), after)
}

// tally counts the findings before, and those after by rule.
func (r *Result) tally() (before, after string) {
	before = fmt.Sprintf("%d findings", len(r.Before))
	if len(r.Before) == 1 {
		before = "1 finding"
	}
	count := map[string]int{}
	var rules []string
	for _, f := range r.After {
		if count[f.Rule]++; count[f.Rule] == 1 {
			rules = append(rules, f.Rule)
		}
	}
	slices.SortFunc(rules, func(a, b string) int { return cmp.Or(count[b]-count[a], strings.Compare(a, b)) })
	for i, rule := range rules {
		rules[i] = fmt.Sprintf("%s %d", rule, count[rule])
	}
	if len(rules) > 0 {
		after = " (" + strings.Join(rules, ", ") + ")"
	}
	return before, after
}

// Plan returns the changes of all steps, for a run that makes none of them: what is left stands then where it
// stood before.
func (r *Result) Plan() (*fix.Plan, error) {
	plan, err := fix.Replace(r.Files(), r.Modules, r.Start)
	if err != nil {
		return nil, err
	}
	for i, l := range r.Left {
		r.Left[i].Line = plan.Was(l.Path, l.Line)
	}
	return plan, nil
}

// Write changes the files: all, or none.
func (r *Result) Write(ctx context.Context) error {
	return write(ctx, r.Files(), r.Modules, r.Start)
}

func write(ctx context.Context, texts map[string][]byte, modules []string, start time.Time) error {
	plan, err := fix.Replace(texts, modules, start)
	if err != nil {
		return err
	}
	return plan.Write(ctx, func(string) {})
}

// messages say what the commits of the steps do.
var messages = map[string]string{
	"helper":   "tests: one small database pool a process",
	"openers":  "tests: take the shared pool",
	"releases": "tests: release what is opened",
	"limits":   "tests: limit what stays private",
	"tenants":  "tests: a tenant for each test",
	"parallel": "tests: what empties shared tables runs in turn",
}

// Clean returns an error unless git knows the directory, and nothing in its work tree is changed.
func Clean(ctx context.Context, dir string) error {
	out, err := git.Output(ctx, dir, "status", "--porcelain")
	switch {
	case err != nil:
		return fmt.Errorf("-commit needs a git work tree: %w", err)
	case len(bytes.TrimSpace(out)) > 0:
		return errors.New("-commit needs a clean work tree: commit or stash what is changed")
	}
	return nil
}

// Commit writes each step and makes a commit of it.
func (r *Result) Commit(ctx context.Context, dir string, made func(message string)) error {
	for _, s := range r.Steps {
		if err := write(ctx, s.Files, r.Modules, time.Now()); err != nil {
			return err
		}
		add := []string{"add", "--"}
		for file := range s.Files {
			add = append(add, file)
		}
		if _, err := git.Output(ctx, dir, add...); err != nil {
			return err
		}
		if _, err := git.Output(ctx, dir, "commit", "--quiet", "-m", messages[s.Name]); err != nil {
			return err
		}
		made(messages[s.Name])
	}
	return nil
}
