package tenantfilter

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"sort"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/byid"
	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/directive"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/optional"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
	"github.com/poollint/poollint/internal/sqltext"
	"github.com/poollint/poollint/internal/tenancy"
	"github.com/poollint/poollint/internal/upkeep"
)

// A checker judges the queries of one package.
type checker struct {
	pass       *analysis.Pass
	report     *finding.Reporter
	directives *directive.Index
	db         *schema.Database
	config     *config.Config
	setters    map[string]bool // settings that code sets within a transaction
	habits     func() habits
	byID       *byid.Package
	optional   *optional.Package
	upkeep     *upkeep.Package
	helpers    func() map[string]bool // the names of files with helpers of tests

	leaks  []*leak
	seen   map[place]int       // index in leaks
	notes  []*note             // in the order of their queries
	noteAt map[token.Pos]*note // the same, by position
	work   int                 // what is left of maxWork
	usage  *usage
	unread map[*sqltext.Site]bool // sites of which a text could not be judged
}

// maxWork bounds the work on a package's statements, in steps of a few nanoseconds.
const maxWork = 300_000_000

// A place is a table's name in the source. Texts of several sites, and several
// texts of one, may share it.
type place struct {
	pos   token.Pos
	table string
}

// A leak is a reference to a table that some text does not pin.
type leak struct {
	tenancy.Verdict
	place
	end  token.Pos
	site *sqltext.Site
	text *sqltext.Text
	src  *statement
	// sometimes: another text of the site pins the reference, so that it depends on a
	// condition of the program whether it is pinned.
	sometimes bool
	writes    bool   // rows of the table are changed, or of one that the same predicate would pin
	across    string // what shows that it is meant for the rows of all tenants
	excuse    string // why it is not a problem; empty if it is one
	runBy     []upkeep.Caller

	verb  string // see verbOf
	fixes []analysis.SuggestedFix

	nth  int // of the references of its statement
	more int // other tables that the program may put in its table's place
}

// A reference is what the texts of a site may put several tables in the place of.
type reference struct {
	stmt   token.Pos
	nth    int
	verb   bool // it changes rows
	tier   tenancy.Tier
	reason tenancy.Reason
	excuse string
}

func (l *leak) reference() reference {
	return reference{l.text.Pos(l.src.Bounds().Start), l.nth, l.writes, l.Tier, l.Reason, l.excuse}
}

// one leaves one leak of those that differ in nothing but the table, or where its name stands: the
// program puts in one or another.
func one(leaks []*leak) []*leak {
	at := map[reference]*leak{}
	return slices.DeleteFunc(leaks, func(l *leak) bool {
		r := l.reference()
		first := at[r]
		if first == nil || !r.stmt.IsValid() {
			at[r] = l
			return false
		}
		if first.table != l.table {
			first.more++
		}
		return true
	})
}

// A statement is one statement of a text.
type statement struct {
	sqlast.Stmt
	file       *sqlast.File
	hasOuter   func() bool // it has an outer join
	parameters func() int  // how many the text has; -1 if they are not $1 to $9
}

// notRead records that some text of the site could not be judged, once a site.
func (c *checker) notRead(site *sqltext.Site, pos token.Pos, why string) {
	if !c.unread[site] {
		c.unread[site] = true
		c.report.Unread(pos, why)
	}
}

// site judges every text that the site may hand to the database.
func (c *checker) site(site *sqltext.Site) {
	if reason := c.exemption(site); reason != "" {
		c.count(site, reason)
		return
	}
	var leaks []*leak
	pinned, at := map[place]bool{}, map[place]int{}
	for _, text := range site.Texts {
		if text.Cut {
			c.report.Note(c.pass.Fset.PositionFor(site.Pos, false), manyPieces)
		}
		for _, l := range c.text(site, text, pinned) {
			if i, ok := at[l.place]; !ok {
				at[l.place] = len(leaks)
				leaks = append(leaks, l)
			} else if tellsMore(l, leaks[i]) {
				leaks[i] = l
			}
		}
	}
	if len(leaks) == 0 && len(pinned) > 0 {
		c.findScoper(site)
	}
	for _, l := range one(leaks) {
		if pinned[l.place] && l.Tier != tenancy.Unseen && (l.Reason == tenancy.MissingColumn || len(site.Texts[0].Optional) > 0) {
			l.sometimes, l.Tier = true, tenancy.Unrestricted
		}
		if l.across = c.design(l); l.across != "" {
			l.Tier = byDesign
		}
		l.runBy = c.runBy(l)
		c.keep(l)
	}
	c.count(site, "")
}

// keep records the leak, unless a graver one is recorded at its place.
func (c *checker) keep(l *leak) {
	i, ok := c.seen[l.place]
	switch {
	case !ok:
		c.seen[l.place] = len(c.leaks)
		c.leaks = append(c.leaks, l)
	case graver(l, c.leaks[i]), !graver(c.leaks[i], l) && c.changeOf(l) == "" && c.changeOf(c.leaks[i]) != "": // nobody can have loaded it
		l.runBy = append(l.runBy, c.leaks[i].runBy...)
		c.leaks[i] = l
	default:
		c.leaks[i].runBy = append(c.leaks[i].runBy, l.runBy...)
		return
	}
	l.verb, l.fixes = verbOf(l.src.Stmt, l.Write), c.fixes(l)
	l.src, l.Ref, l.Scope = nil, nil, nil // the tree of the statement may be large
}

// tellsMore reports whether, of two texts of a site, that of a tells more of what the site does:
// the graver one, unless one has a condition that is made at run time. The other one may be
// without it only where there is none, of which the code that makes it decides.
func tellsMore(a, b *leak) bool {
	unseen := func(l *leak) bool { return l.Tier == tenancy.Unseen }
	if unseen(a) != unseen(b) && a.Reason == tenancy.NotPinned && b.Reason == tenancy.NotPinned {
		return unseen(a)
	}
	return graver(a, b)
}

// graver reports whether a is graver than b: it has no excuse, or its tier is graver.
func graver(a, b *leak) bool {
	if (a.excuse == "") != (b.excuse == "") {
		return a.excuse == ""
	}
	return gravity[a.Tier] > gravity[b.Tier]
}

// What is by design fails at no level.
var gravity = map[tenancy.Tier]int{byDesign: -1, tenancy.Unseen: 0, tenancy.ByID: 1, tenancy.ByParent: 2, tenancy.Unrestricted: 3}

// text judges one text, and records the places that it pins.
func (c *checker) text(site *sqltext.Site, text *sqltext.Text, pinned map[place]bool) []*leak {
	dialect := c.dialect(site)
	file := sqlast.Read(text.SQL, sqlast.Options{Dialect: dialect})
	c.noteCuts(site, text, file)
	notes := readNotes(file)
	var leaks []*leak
	options := tenancy.Options{StrictJoins: c.config.Tenant.StrictJoins, Placeholder: placeholder(site, text.SQL, file, dialect), Unread: c.isUnread(site), Work: &c.work}
	parameters := sync.OnceValue(func() int { return countParameters(text.SQL) })
	if !opensTransaction(file) {
		for _, stmt := range file.Stmts {
			c.settingsOf(site, text, stmt)
		}
	}
	for _, stmt := range file.Stmts {
		verdicts := tenancy.Judge(stmt, c.db, options)
		c.statement(stmt, verdicts)
		src := &statement{stmt, file, sync.OnceValue(func() bool { return hasOuterJoin(stmt) }), parameters}
		found := c.leaksOf(verdicts, site, text, src, pinned)
		for _, l := range found {
			l.excuse = c.guards(l.Table, verbOf(stmt, l.Write)).held(c.setters)
		}
		if note := notes.ofStmt[stmt]; note != nil && note.Reason != "" && len(found) > 0 {
			note.used = true
			for _, l := range found {
				l.excuse = note.Reason
			}
		}
		if !file.Clean(stmt) && len(found) > 0 {
			c.notRead(site, found[0].pos, partUnread)
			continue
		}
		if use := unknownTable(stmt); use != nil && len(found) == 0 {
			c.notRead(site, text.Pos(use.Ref.Start), tableUnread)
		}
		leaks = append(leaks, found...)
	}
	c.remember(notes, text)
	return leaks
}

func (c *checker) dialect(site *sqltext.Site) sqlast.Dialect {
	if site.Dialect.Known {
		return site.Dialect.Dialect
	}
	return c.db.Dialect
}

// unknownTable returns the use of a table in the statement whose name the program puts in,
// nil if there is none.
func unknownTable(stmt sqlast.Stmt) *sqlast.TableUse {
	for _, use := range sqlast.Tables(stmt) {
		if use.Ref.Name.Last().Stem() == "" && use.Ref.Name.Last().HasHole() {
			return &use
		}
	}
	return nil
}

// namesTable reports whether a text certainly is SQL, about a known table.
func (c *checker) namesTable(text string) bool {
	known := func(use sqlast.TableUse) bool { return c.lookup(use.Ref) != nil }
	file := sqlast.Read(text, sqlast.Options{Dialect: c.db.Dialect})
	return slices.ContainsFunc(file.Stmts, func(stmt sqlast.Stmt) bool {
		return file.Clean(stmt) && slices.ContainsFunc(sqlast.Tables(stmt), known)
	})
}

// lookup returns the table that a reference names, nil if it is not known.
func (c *checker) lookup(ref *sqlast.TableRef) *schema.Table {
	of := ""
	if n := len(ref.Name); n > 1 {
		of = ref.Name[n-2].Text
	}
	return c.db.Lookup(of, ref.Name.Last().Stem())
}

// noteCuts notes the parts of a text that the reader skipped because of its bounds.
func (c *checker) noteCuts(site *sqltext.Site, text *sqltext.Text, file *sqlast.File) {
	for _, p := range file.Problems {
		if p.Limit {
			pos := text.Pos(p.Start)
			if !pos.IsValid() {
				pos = site.Pos
			}
			c.report.Note(c.pass.Fset.PositionFor(pos, false), partNotJudged+p.Msg)
		}
	}
}

// leaksOf makes leaks of the verdicts: one for each predicate that is missing, not for the
// other references that it would pin as well.
func (c *checker) leaksOf(verdicts []tenancy.Verdict, site *sqltext.Site, text *sqltext.Text, src *statement, pinned map[place]bool) []*leak {
	var leaks []*leak
	byIndex := map[int]*leak{}
	for i, v := range verdicts {
		if i == 0 && v.Reason == tenancy.TooLarge {
			c.report.Note(c.pass.Fset.PositionFor(site.Pos, false), largeStatement)
		}
		pos, end := c.position(site, text, v)
		at := place{pos, v.Table.Name}
		switch {
		case v.Pinned:
			pinned[at] = true
		case v.Reason == tenancy.TooLarge:
			c.notRead(site, at.pos, tooLarge)
		case v.Leader == i:
			l := &leak{Verdict: v, place: at, end: end, site: site, text: text, src: src, writes: v.Write, nth: i}
			byIndex[i] = l
			leaks = append(leaks, l)
		}
	}
	for _, v := range verdicts {
		if l := byIndex[v.Leader]; l != nil && !v.Pinned {
			l.writes = l.writes || v.Write && v.Table.Role != schema.Owned
		}
	}
	return leaks
}

// position returns where to report the verdict: at the table's name; if that is a constant
// that many queries share, at the beginning of the query; or else at the whole text.
func (c *checker) position(site *sqltext.Site, text *sqltext.Text, v tenancy.Verdict) (pos, end token.Pos) {
	name := v.Ref.Name.Bounds()
	if pos := text.Pos(name.Start); c.makes(site, pos) {
		return pos, text.Pos(name.End)
	}
	if v.Scope != nil {
		if pos := text.Pos(v.Scope.Bounds().Start); c.makes(site, pos) {
			return pos, token.NoPos
		}
	}
	return site.Pos, site.End
}

// makes reports whether the position is in code that makes the site's text: in the site, or
// in a function of the package.
func (c *checker) makes(site *sqltext.Site, pos token.Pos) bool {
	if site.Pos <= pos && pos < site.End || site.Func != nil && site.Func.Pos() <= pos && pos < site.Func.End() {
		return true
	}
	for _, file := range c.pass.Files {
		if file.FileStart <= pos && pos < file.FileEnd {
			i := sort.Search(len(file.Decls), func(i int) bool { return file.Decls[i].End() > pos })
			if i == len(file.Decls) {
				return false
			}
			fn, ok := file.Decls[i].(*ast.FuncDecl)
			return ok && fn.Pos() <= pos
		}
	}
	return false
}

// flush reports what was found.
func (c *checker) flush() {
	known := c.known()
	for _, l := range c.leaks {
		f := c.finding(l, known)
		if d := c.silenced(l.site); d != nil {
			f.Suppressed = d.Reason
		}
		c.report.Report(f)
	}
	c.judgeNotes()
	c.askings()
}

// silenced returns the directive at the query or at the call that runs it.
func (c *checker) silenced(site *sqltext.Site) *directive.Directive {
	if d := c.directives.Silence(c.pass.Analyzer.Name, site.Pos); d != nil {
		return d
	}
	if site.Call != nil {
		return c.directives.Silence(c.pass.Analyzer.Name, site.Call.Pos())
	}
	return nil
}

func (c *checker) finding(l *leak, known callers) finding.Finding {
	data := unpinned{
		Verb: l.verb, Query: l.site.Name, Table: l.Table.Name, More: l.more, Column: l.Column, Add: l.Add,
		Tier: l.Tier, Reason: l.Reason, Sometimes: l.sometimes, Across: l.across, RunBy: l.runBy, Method: c.methodOf(l), Guards: c.guards(l.Table, l.verb), Hooked: c.hookedAs(l),
	}
	if l.site.Method.WritesRow() && l.Reason != tenancy.MissingColumn {
		data.ByRow = l.site.Method.Short()
	}
	severity, key := severity(l, c.config.Tenant.Level), c.keyOf(l)
	if key != "" {
		data.Before = known.outcome(key, maxHands)
	}
	if data.runs(known.graph) || data.Before.vouched() {
		severity = finding.Info
	}
	return finding.Finding{
		Diagnostic: analysis.Diagnostic{
			Pos: l.pos, End: l.endPos(), SuggestedFixes: l.fixes,
		},
		Data:       data,
		Key:        key,
		Severity:   severity,
		Tier:       string(data.Tier),
		Suppressed: l.excuse,
	}
}

// verbOf says what the statement does to the table.
func verbOf(stmt sqlast.Stmt, write bool) string {
	if !write {
		return "query"
	}
	switch stmt.(type) {
	case *sqlast.Insert:
		return "insert"
	case *sqlast.Update:
		return "update"
	case *sqlast.Delete:
		return "delete"
	case *sqlast.Merge:
		return "merge"
	case *sqlast.Copy:
		return "copy"
	}
	return "change"
}

// severity is Info, which fails no run, for what the configured level does not include. Else
// it depends on the tier, and is a step higher if rows are changed that have a tenant column. Every level includes
// changes of rows that certainly reach other tenants.
func severity(l *leak, level string) finding.Severity {
	asked := gravity[l.Tier] >= gravity[tenancy.Tier(level)] || l.reaches() && gravity[l.Tier] > gravity[tenancy.Unseen]
	step := gravity[l.Tier]
	if l.writes && l.Table.Role != schema.Owned { // the parent may have been looked up
		step++
	}
	switch {
	case !asked:
		return finding.Info
	case step >= gravity[tenancy.Unrestricted]:
		return finding.Error
	}
	return finding.Warning
}

// reaches reports whether the statement looks for rows to change that may be another tenant's:
// an upsert by id only meets one that has its id, and a secret is its tenant's alone.
func (l *leak) reaches() bool {
	return l.writes && l.Reason != tenancy.ConflictTarget && !l.Secret
}

// endPos is the end of the table's name, if that is in the source.
func (l *leak) endPos() token.Pos {
	if l.end > l.pos {
		return l.end
	}
	return token.NoPos
}

// ordinal is the name of a parameter as SQL Server numbers them.
var ordinal = regexp.MustCompile(`^p\d+$`)

// placeholder is how a text writes parameters, or would; ":" and "@" stand in front of
// names.
func placeholder(site *sqltext.Site, sql string, file *sqlast.File, dialect sqlast.Dialect) string {
	marks := map[string]bool{}
	for _, stmt := range file.Stmts {
		sqlast.Inspect(stmt, func(n sqlast.Node) bool {
			if p, ok := n.(*sqlast.Param); ok {
				mark := sql[p.Start : p.Start+1]
				if mark == "@" && ordinal.MatchString(p.Name) {
					mark = "@pn"
				}
				marks[mark] = true
			}
			return true
		})
	}
	switch {
	case marks["$"]:
		return "$n"
	case marks["?"], site.Form == sqltext.Builder:
		return "?"
	case marks["@pn"]:
		return "@pn"
	case marks[":"]:
		return ":"
	case marks["@"]:
		return "@"
	case dialect == sqlast.MySQL, dialect == sqlast.SQLite:
		return "?"
	}
	return "$n"
}
