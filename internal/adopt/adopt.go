// Package adopt is the command poollint adopt: it moves the tests of a module to shared pools.
// It works on texts in memory, step by step, and each step is analysed before the next.
package adopt

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/fix"
	"github.com/poollint/poollint/internal/regular"
)

// Mode says what opens the shared pools.
type Mode int

// The modes.
const (
	Testpool Mode = iota // the runtime module, where it can
	Plain                // sync.OnceValues alone
)

// Options say how to adopt.
type Options struct {
	Mode Mode
	// Analyse runs the rules, with Rule, on the module whose files have the given texts. Where
	// there are any, it runs those of the steps alone: no step mends what the others find.
	Analyse func(ctx context.Context, texts map[string][]byte) (*driver.Result, error)
}

// A Result is what adopting comes to.
type Result struct {
	Steps   []Step
	Before  []finding.Located // that count
	After   []finding.Located
	Left    []Left // pools that stay as they are, and findings after the last step
	Modules []string
	Start   time.Time

	Failures []driver.Failure // of the last analysis
}

// A Step is the files that one kind of change writes.
type Step struct {
	Name  string
	Files map[string][]byte // new texts by path
}

// A Left is something that is not changed.
type Left struct {
	Path string
	Line int
	Why  string
}

type kind struct{ name, rule string }

// openers is the step that gives tests the shared pools.
var openers = kind{"openers", "newpool"}

// steps are the kinds of change, in order, and the rules whose fixes they take.
var steps = []kind{
	openers,
	{"releases", "missingcleanup"},
	{"limits", "poollimit"},
	{"tenants", "genericslug"},
	{"parallel", "parallelpool"},
}

// worthwhile is the number of findings from which on a run names the command.
const worthwhile = 10

// Hint returns what a run says to whoever has not heard of the command; "" where there is little
// for it to do.
func Hint(findings []finding.Located) string {
	n := 0
	for _, f := range findings {
		if f.Rule == openers.rule && counts(f) {
			n++
		}
	}
	if n < worthwhile {
		return ""
	}
	return fmt.Sprintf("poollint adopt shows, as a diff, which of the %d openers it can move to shared pools", n)
}

// maxRounds bounds how often a step looks for more to do: a fix may have to wait for another, or
// fail first.
const maxRounds = 8

// Run plans all steps. It changes no file.
func Run(ctx context.Context, o Options) (*Result, error) {
	p := &planner{Options: o, texts: map[string][]byte{}, helpers: map[string][]byte{}, refused: map[part]string{}, start: time.Now()}
	first, err := o.Analyse(ctx, p.texts)
	if err != nil {
		return nil, err
	}
	p.result, p.failing = first, first.Broken
	r := &Result{Before: counted(first), Modules: first.Modules, Start: p.start}
	for _, s := range steps {
		before := maps.Clone(p.texts)
		if err := p.step(ctx, s.name, s.rule); err != nil {
			return nil, err
		}
		r.Steps = append(r.Steps, p.split(s.name, before)...)
	}
	r.After = slices.Concat(counted(p.result), slices.DeleteFunc(counted(first), func(f finding.Located) bool { return p.result == first || stepped(f.Rule) }))
	r.Left = p.left(r.After)
	if len(p.helpers) > 0 {
		maps.Copy(p.texts, p.helpers)
		if p.result, err = o.Analyse(ctx, p.texts); err != nil {
			return nil, err
		}
		if p.result.Failures != nil && len(first.Failures) == 0 {
			return nil, p.result.Failures[0]
		}
	}
	r.Failures = p.result.Failures
	return r, nil
}

// stepped reports whether a step takes the fixes of a rule.
func stepped(rule string) bool {
	return slices.ContainsFunc(steps, func(k kind) bool { return k.rule == rule })
}

// counted returns the findings that make a run fail.
func counted(r *driver.Result) []finding.Located {
	return slices.DeleteFunc(slices.Clone(r.Findings), func(f finding.Located) bool { return !counts(f) })
}

// counts reports whether a finding makes a run fail.
func counts(f finding.Located) bool {
	return f.Suppressed == "" && f.Severity != finding.Info && f.Rule != Rule.Analyzer.Name
}

// A planner holds what the steps so far come to.
type planner struct {
	Options
	start   time.Time
	texts   map[string][]byte // that are not the disk's
	result  *driver.Result    // of the texts
	refused map[part]string   // what keeps its text, with the reasons
	failing map[string]string // directories that do not compile as they are, with the first errors
	half    []Left            // what is mended within a test binary alone
	helpers map[string][]byte // the helpers' files, as they are written: texts has their models
}

// A part is a file, or a function of it.
type part struct{ path, function string }

// step applies fixes until there are no more. A change after which something does not compile
// is undone, and the functions that do not are left alone, or, where these are not known or not
// the cause, the files.
func (p *planner) step(ctx context.Context, name, rule string) error {
	for range maxRounds {
		next, err := p.round(name, rule)
		if err != nil || len(next) == 0 {
			return err
		}
		before := p.texts
		p.texts = maps.Clone(before)
		maps.Copy(p.texts, next)
		result, err := p.Analyse(ctx, p.texts)
		if err != nil {
			return err
		}
		broken := p.broken(result, next)
		if len(broken) == 0 {
			p.note(rule, result)
			p.result = result
			continue
		}
		maps.Copy(p.refused, broken)
		p.texts = before
	}
	return nil
}

// note says of what empties shared tables, and runs in turn now, that other binaries know no turns.
func (p *planner) note(rule string, after *driver.Result) {
	if rule != "parallelpool" {
		return
	}
	remain := map[string]bool{}
	for _, f := range after.Findings {
		remain[f.Rule+f.Message] = true
	}
	for _, f := range counted(p.result) {
		if f.Rule == rule && len(f.Fixes) > 0 && !remain[f.Rule+f.Message] {
			p.half = append(p.half, Left{f.Pos.Filename, f.Pos.Line, "runs in turn now, but the tests of other packages still see it unless go test has -p 1: " + f.Message})
		}
	}
}

// round returns the texts that one round of a step changes.
func (p *planner) round(name, rule string) (map[string][]byte, error) {
	var findings []finding.Located
	helpers := map[string]*helper{}
	for _, f := range p.result.Findings {
		if f.Rule == rule && f.Suppressed == "" {
			findings = append(findings, f)
		}
	}
	if name == "openers" {
		adopted := p.openers(helpers)
		findings = append(adopted, slices.DeleteFunc(findings, func(f finding.Located) bool {
			return slices.ContainsFunc(adopted, func(a finding.Located) bool { return a.Pos == f.Pos })
		})...)
	}
	findings = slices.DeleteFunc(findings, p.untouchable)
	plan := fix.Over(p.texts, findings, p.result.Modules, p.start)
	next := map[string][]byte{}
	for _, path := range plan.Files() {
		next[path] = plan.Text(path)
	}
	for i, f := range findings {
		if o, ok := f.Data.(opening); ok && plan.Fixed(i) && !o.Bound {
			h := helpers[o.Helper]
			h.pool(o).uses++
		}
	}
	for file, h := range helpers {
		h.pools = slices.DeleteFunc(h.pools, func(p *pool) bool { return p.uses == 0 })
		if len(h.pools) == 0 {
			continue
		}
		text, err := h.text()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		model, err := h.model()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if !bytes.Equal(text, h.before) {
			next[file], p.helpers[file] = model, text
		}
	}
	return next, nil
}

// text returns what a file holds by now.
func (p *planner) text(path string) []byte {
	text, ok := p.texts[path]
	if !ok {
		text, _ = regular.ReadFile(path)
	}
	return text
}

// tests reports whether a file serves tests alone: a test file, or one that imports testing.
func (p *planner) tests(path string) bool {
	if strings.HasSuffix(path, "_test.go") {
		return true
	}
	text := p.text(path)
	return bytes.Contains(text, []byte("\t\"testing\"\n")) || bytes.Contains(text, []byte("import \"testing\"\n"))
}

// openers returns the openings that take a shared pool, with the edits that fit their helper.
func (p *planner) openers(helpers map[string]*helper) []finding.Located {
	var all []finding.Located
	for _, f := range p.result.Findings {
		o, ok := f.Data.(opening)
		if !ok || o.Why != "" || p.untouchable(f) || o.Helper == "" && !o.Bound {
			continue
		}
		all = append(all, f)
		if o.Bound {
			continue
		}
		file := o.Helper
		if helpers[file] == nil {
			before, known := p.helpers[file]
			if !known {
				before, _ = regular.ReadFile(file)
			}
			helpers[file] = &helper{before: before, mode: p.Mode}
		}
		pool := helpers[file].pool(o)
		pool.uses++
		pool.ddl, pool.skips = pool.ddl || o.DDL, pool.skips || o.Skips
		if len(f.Fixes) > 1 {
			pool.tests++
		}
	}
	for _, h := range helpers {
		h.choose()
	}
	fit := all[:0]
	for _, f := range all {
		o := f.Data.(opening)
		if o.Bound {
			f.Fixes = f.Fixes[:1]
			fit = append(fit, f)
			continue
		}
		pool := helpers[o.Helper].pool(o)
		if pool.managed {
			f.Fixes = f.Fixes[1:]
		}
		if len(f.Fixes) > 0 {
			f.Fixes = []finding.Fix{named(f.Fixes[0], pool.name)}
			fit = append(fit, f)
		}
	}
	for _, h := range helpers {
		for _, p := range h.pools {
			p.uses = 0
		}
	}
	return fit
}

// pool returns the pool of an opening.
func (h *helper) pool(o opening) *pool {
	for _, p := range h.pools {
		if p.source.Opens() == o.Source.Opens() {
			p.source.MaxConns = max(p.source.MaxConns, o.Source.MaxConns)
			return p
		}
	}
	p := &pool{source: o.Source}
	h.pools = append(h.pools, p)
	return p
}

// named puts the name of the helper's function into a fix.
func named(f finding.Fix, name string) finding.Fix {
	edits := slices.Clone(f.Edits)
	for i := range edits {
		edits[i].New = strings.ReplaceAll(edits[i].New, taken, name)
	}
	return finding.Fix{Message: f.Message, Edits: edits}
}

// split returns what a step has changed, the helpers apart.
func (p *planner) split(name string, before map[string][]byte) []Step {
	changed := Step{name, map[string][]byte{}}
	helper := Step{"helper", map[string][]byte{}}
	for path, text := range p.texts {
		switch was, known := before[path]; {
		case known && bytes.Equal(was, text):
		case p.helpers[path] != nil:
			helper.Files[path] = p.helpers[path]
		default:
			changed.Files[path] = text
		}
	}
	var all []Step
	for _, s := range []Step{helper, changed} {
		if len(s.Files) > 0 {
			all = append(all, s)
		}
	}
	return all
}

// Files returns the texts that all steps come to, by path.
func (r *Result) Files() map[string][]byte {
	all := map[string][]byte{}
	for _, s := range r.Steps {
		maps.Copy(all, s.Files)
	}
	return all
}
