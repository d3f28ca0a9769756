package tenantfilter

import (
	"cmp"
	"go/ast"
	"go/token"
	"path"
	"path/filepath"
	"reflect"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/sqltext"
)

// A Ran is a statement that a program has handed to a database.
type Ran struct {
	SQL   string
	Calls []Call // those that led to it, the innermost first
}

// A Call is a line of a call stack. The file is a path, or has the import path of its
// package in place of the directory, as a build with -trimpath writes it.
type Call struct {
	File string
	Line int
}

// Seen is what the rule says of a statement, judged at one of its calls.
type Seen struct {
	Ran, Call int // indices
	Path      string
	Reading   Reading
	Why       string            // the text is not read here
	Judged    bool              // a known table has a tenant column
	LeftOut   bool              // the rule leaves the file alone
	Exempt    bool              // by a name, or by a scoper
	Partly    bool              // a part of the statement cannot be judged
	Found     []finding.Located // without their places
}

// Reading says what is known of a line by reading the code.
type Reading uint8

// The readings, from the one that tells least.
const (
	NoQuery Reading = iota // there is none on the line
	NotRead                // there is one whose text cannot be read
	Read
)

// Recorded returns a rule that judges statements that have run, as the rule judges those
// that it reads. It tells what it says of each call of a statement in the packages.
func Recorded(statements []Ran, tell func([]Seen)) finding.Rule {
	byFile := map[string][]Seen{} // by the file's last element
	for i, s := range statements {
		for j, call := range s.Calls {
			base := path.Base(filepath.ToSlash(call.File))
			byFile[base] = append(byFile[base], Seen{Ran: i, Call: j})
		}
	}
	a := &analysis.Analyzer{
		Name:             "poollintrecorded",
		Doc:              "judge statements that tests have run",
		Requires:         Analyzer.Requires,
		RunDespiteErrors: true,
		ResultType:       reflect.TypeFor[*finding.Result](),
	}
	a.Run = func(pass *analysis.Pass) (any, error) {
		report := finding.NewReporter(pass, finding.Info)
		r := newReplay(pass)
		for _, e := range r.report.Result().Evidence { // of changes by id, which all callers decide on
			if _, ok := e.Data.(asking); ok {
				report.Evidence(e.Key, token.NoPos, e.Data)
			}
		}
		for _, s := range seenIn(pass, statements, byFile) {
			r.judge(&s.Seen, statements[s.Ran].SQL, s.file, s.line)
			report.Evidence("", token.NoPos, s.Seen)
		}
		return report.Result(), nil
	}
	finish := func(_ []finding.Located, evidence []finding.Evidence) []finding.Located {
		var all []Seen
		callers := callersIn(evidence)
		for _, e := range evidence {
			if s, ok := e.Data.(Seen); ok {
				callers.settle(s.Found)
				all = append(all, s)
			}
		}
		tell(all)
		return nil
	}
	return finding.Rule{Analyzer: a, Data: []any{Seen{}, asking{}}, Finish: finish}
}

// seenHere is a call on a line of a package.
type seenHere struct {
	Seen
	file *ast.File
	line int
}

// seenIn returns the calls on lines of the package.
func seenIn(pass *analysis.Pass, statements []Ran, byFile map[string][]Seen) []seenHere {
	var all []seenHere
	for _, file := range pass.Files {
		name := pass.Fset.PositionFor(file.FileStart, false).Filename
		trimmed := path.Join(strings.TrimSuffix(pass.Pkg.Path(), "_test"), filepath.Base(name))
		for _, s := range byFile[filepath.Base(name)] {
			call := statements[s.Ran].Calls[s.Call]
			lines := pass.Fset.File(file.FileStart).LineCount()
			if (call.File == name || call.File == trimmed) && 0 < call.Line && call.Line <= lines {
				all = append(all, seenHere{s, file, call.Line})
			}
		}
	}
	return all
}

// A replay judges statements on lines of one package.
type replay struct {
	*checker
	judged bool // the tables are known that queries can be judged by
	sites  map[place]*sqltext.Site
	texts  map[string]*sqltext.Site // by what they are without spaces
	why    map[place]string
	all    []sqltext.Unread
}

// newReplay judges what the package's code shows first, and reports nothing of it.
func newReplay(pass *analysis.Pass) *replay {
	muted := *pass
	muted.Analyzer, muted.Report = Analyzer, func(analysis.Diagnostic) {}
	pass = &muted
	queries := pass.ResultOf[sqltext.Analyzer].(*sqltext.Result)
	c := newChecker(pass, finding.NewReporter(pass, finding.Error), queries, databaseOf(pass, queries))
	c.queries(queries)
	c.work = maxWork
	r := &replay{c, c.db.HasTenants(), map[place]*sqltext.Site{}, map[string]*sqltext.Site{}, map[place]string{}, queries.Unread}
	for _, site := range queries.Sites {
		from, to := site.Pos, site.End
		if site.Call != nil {
			from, to = site.Call.Pos(), site.Call.End()
		}
		r.lines(from, to, func(line place) { r.sites[line] = site })
		for _, text := range site.Texts {
			r.texts[unspaced(text.SQL)] = site
		}
	}
	for _, u := range queries.Unread {
		r.lines(u.Pos, u.Pos, func(line place) { r.why[line] = u.Why })
	}
	return r
}

// lines visits the lines between two positions, as places without a table.
func (r *replay) lines(from, to token.Pos, visit func(place)) {
	const most = 200
	file := r.pass.Fset.File(from)
	if file == nil {
		return
	}
	last := file.Line(max(from, min(to, token.Pos(file.Base()+file.Size()))))
	for line := file.Line(from); line <= last && line < file.Line(from)+most; line++ {
		visit(place{pos: file.LineStart(line)})
	}
}

// judge judges a statement on a line of a file.
func (r *replay) judge(s *Seen, sql string, file *ast.File, number int) {
	line := place{pos: r.pass.Fset.File(file.FileStart).LineStart(number)}
	s.Path = r.pass.Fset.PositionFor(line.pos, false).Filename
	s.LeftOut, s.Judged = r.leftOut(line.pos), r.judged
	site := sqltext.Site{Pos: line.pos, End: line.pos}
	known := cmp.Or(r.sites[line], r.texts[unspaced(sql)])
	if known != nil {
		s.Reading, site = Read, *known
	} else if why, ok := r.why[line]; ok {
		s.Reading, s.Why = NotRead, why
	}
	if site.Func == nil {
		site.Func = declaration(file, line.pos)
	}
	if s.Reading == NoQuery {
		s.Why = r.unreadIn(site.Func)
	}
	through := site.Texts
	text := &sqltext.Text{SQL: sql}
	if len(through) > 0 {
		text.Through = through[0].Through
	}
	site.Texts, site.Form = []*sqltext.Text{text}, ""
	switch {
	case s.LeftOut || !r.judged:
		return
	case r.exemption(&site) != "":
		s.Exempt = true
		return
	}
	r.leaks, r.seen, r.unread = nil, map[place]int{}, map[*sqltext.Site]bool{}
	r.site(&site)
	s.Partly = r.unread[&site]
	for _, l := range r.leaks {
		if known != nil {
			l.site = known
		}
		f := r.finding(l, callers{})
		if d := r.silenced(l.site); d != nil {
			f.Suppressed = d.Reason
		}
		s.Found = append(s.Found, finding.Located{Data: f.Data, Severity: r.config.Rules.TenantFilter.Configured().Instead(f.Severity), Tier: f.Tier, Key: f.Key, Suppressed: f.Suppressed})
	}
}

// unreadIn says why a query of the function is not read, as one of a batch, which runs on
// another line.
func (r *replay) unreadIn(fn *ast.FuncDecl) string {
	for _, u := range r.all {
		if fn != nil && fn.Pos() <= u.Pos && u.Pos < fn.End() {
			return u.Why
		}
	}
	return ""
}

func unspaced(sql string) string { return strings.Join(strings.Fields(sql), " ") }

// declaration returns the function around a position, nil outside functions.
func declaration(file *ast.File, pos token.Pos) *ast.FuncDecl {
	for _, d := range file.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Pos() <= pos && pos < fn.End() {
			return fn
		}
	}
	return nil
}
