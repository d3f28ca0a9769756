package sqltext

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/sqltext/builder"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// A ledger holds the calls that run queries, by their ends, so that each of them is
// read or counted.
type ledger struct {
	libraries map[*types.Package]*dbapi.Library
	asked     map[token.Pos]bool      // calls whose query is known, or is the caller's
	runs      map[token.Pos]execution // calls of libraries that run a query
	open      map[token.Pos]execution // queries that callers have to complete
	bound     map[*types.Func]bool
	adrift    map[token.Pos]handedOn // texts, by their place
}

func newLedger() ledger {
	return ledger{
		libraries: map[*types.Package]*dbapi.Library{}, asked: map[token.Pos]bool{}, runs: map[token.Pos]execution{},
		open: map[token.Pos]execution{}, bound: map[*types.Func]bool{}, adrift: map[token.Pos]handedOn{},
	}
}

// An execution is a call that runs a query.
type execution struct {
	pos    token.Pos
	why    string      // it is not read
	before []token.Pos // ends of the calls that its receiver is made by
	within *ast.FuncDecl
}

// account notes a call that runs a query, whatever is understood of it.
func (f *frame) account(call *ast.CallExpr) {
	fn := callee(f.info, call)
	if fn == nil || fn.Pkg() == nil || !f.runsQuery(fn) {
		return
	}
	f.runs[call.Rparen] = execution{pos: builder.NamePos(call), why: dbapi.NameOf(fn).Short() + " of " + fn.Pkg().Path() + " is not modelled", before: f.receivers(call)}
}

// runsQuery reports whether a function of a library runs a query, or a method of an
// interface of the module's own that a type of a library fulfils.
func (f *frame) runsQuery(fn *types.Func) bool {
	if !config.Ours(f.pass, fn.Pkg()) {
		lib := f.library(fn.Pkg())
		return lib != nil && lib.Runs(fn)
	}
	if recv := fn.Signature().Recv(); recv == nil || !types.IsInterface(recv.Type()) {
		return false
	}
	return slices.ContainsFunc(fn.Pkg().Imports(), func(pkg *types.Package) bool {
		lib := f.library(pkg)
		return lib != nil && !config.Ours(f.pass, pkg) && lib.RunsBehind(fn, pkg)
	})
}

func (f *frame) library(pkg *types.Package) *dbapi.Library {
	lib, ok := f.libraries[pkg]
	if !ok {
		lib = dbapi.LibraryOf(pkg)
		f.libraries[pkg] = lib
	}
	return lib
}

// receivers returns the ends of the calls that make what a method is called on,
// through local variables.
func (f *frame) receivers(call *ast.CallExpr) []token.Pos {
	const most = 50
	var ends []token.Pos
	e := ast.Expr(call)
	for range most {
		switch x := ast.Unparen(e).(type) {
		case *ast.CallExpr:
			if x != call {
				ends = append(ends, x.Rparen)
			}
			sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
			if !ok {
				return ends
			}
			e = sel.X
		case *ast.Ident:
			if e = f.origins[f.info.Uses[x]]; e == nil {
				return ends
			}
		default:
			return ends
		}
	}
	return ends
}

// leaveOpen notes a chain that callers have to complete with its table.
func (f *frame) leaveOpen(call *ast.CallExpr) {
	f.open[call.Rparen] = execution{pos: builder.NamePos(call), why: "the table is a parameter of a function that no call in its package reaches", within: f.decl}
}

// unread returns the calls that run a query which nothing has read.
func (r *reader) unread() []Unread {
	var all []Unread
	for end, run := range r.runs {
		known := func(end token.Pos) bool { _, runs := r.runs[end]; return runs || r.asked[end] }
		if !r.asked[end] && !slices.ContainsFunc(run.before, known) {
			all = append(all, Unread{Pos: run.pos, Why: run.why})
		}
	}
	for _, run := range r.open {
		if fn, ok := r.info.Defs[run.within.Name].(*types.Func); ok && !r.bound[fn] {
			all = append(all, Unread{Pos: run.pos, Why: run.why})
		}
	}
	return slices.Concat(all, r.tagged(), r.handedOn())
}

// tagged returns the fields of structs that hold prepared statements and that
// reflection sets by their tags, from queries that no code holds.
func (r *reader) tagged() []Unread {
	var all []Unread
	for _, file := range r.pass.Files {
		if isTest(r.pass, file) {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			field, ok := n.(*ast.Field)
			if !ok || field.Tag == nil || !telling.MatchString(field.Tag.Value) || !dbapi.Prepared(r.TypeOf(field.Type)) {
				return true
			}
			for _, name := range field.Names {
				if v, ok := r.info.Defs[name].(*types.Var); ok && len(r.given(v)) == 0 {
					all = append(all, Unread{Pos: name.Pos(), Why: "the statement is prepared by the tag of " + name.Name + ", from a text that is not known"})
				}
			}
			return true
		})
	}
	return all
}

// telling is a tag that is more than "-".
var telling = regexp.MustCompile(`:\\?"[^"\\-]`)

// A handedOn is text that reads as SQL and goes to a function that is not known to
// run it.
type handedOn struct {
	arg  ast.Expr
	sql  value.Value
	why  string
	call token.Pos // its end
}

// handOn notes the texts among the arguments of a call that nobody knows to run
// them: those for which the summary of a function has no use, if there is one.
func (f *frame) handOn(call *ast.CallExpr, args []value.Value, known *summary) {
	if f.talks(call) {
		return
	}
	for i, a := range args {
		if i >= len(call.Args) {
			return
		}
		if sql := statementIn(a, 0); sql != nil && !known.uses(i) && !f.namesTalk(call, i) {
			arg := call.Args[i]
			why := "the text goes to " + shortened(call.Fun) + ", which is not known to take SQL"
			if fn := callee(f.info, call); fn != nil && sql == a {
				why += fmt.Sprintf("; if it does, add %s:%d to api.queries", dbapi.NameOf(fn), i)
			}
			f.adrift[arg.Pos()] = handedOn{arg, sql, why, call.Rparen}
		}
	}
}

// What functions are named that take text for people, those that make something of it,
// and parameters for it.
var (
	tell     = regexp.MustCompile(`(?i)^(error|fail|print|log|debug|info|warn|fatal|panic|trace|expect|assert|add(attr|field|event))`)
	talk     = regexp.MustCompile(`(?i)^(new|wrap|with)`)
	talkedOf = builder.Names("msg message format key name value val label reason desc description title comment topic")
)

// talks reports whether a call tells people something, or gives text back, which
// then is followed no further but not lost.
func (f *frame) talks(call *ast.CallExpr) bool {
	if fn := callee(f.info, call); fn != nil {
		if fn.Pkg() == nil || config.Standard(fn.Pkg().Path()) || tell.MatchString(fn.Name()) || talk.MatchString(fn.Name()) {
			return true
		}
	}
	switch t := f.TypeOf(call).(type) {
	case *types.Tuple:
		return t.Len() > 0 && value.IsText(t.At(0).Type())
	default:
		return value.IsText(t)
	}
}

func (f *frame) namesTalk(call *ast.CallExpr, i int) bool {
	fn := callee(f.info, call)
	if fn == nil {
		return false
	}
	params := fn.Signature().Params()
	i = min(i, params.Len()-1)
	return i >= 0 && talkedOf[params.At(i).Name()]
}

// statementIn returns the text in a value, or in the fields and elements that it is
// made of, that begins like a statement; nil if there is none.
func statementIn(v value.Value, depth int) value.Value {
	const deepest, most = 3, 50
	var parts []value.Value
	switch v := v.(type) {
	case *value.Text, *value.Sequence:
		if looksLikeSQL(v) {
			return v
		}
	case *value.Record:
		parts = v.Parts
	case *value.List:
		parts = v.Elems
	case *value.Entry:
		parts = []value.Value{v.Of}
	}
	if depth > deepest {
		return nil
	}
	for _, part := range parts[:min(len(parts), most)] {
		if sql := statementIn(part, depth+1); sql != nil {
			return sql
		}
	}
	return nil
}

// handedOn returns the texts that nothing else has a use for.
func (r *reader) handedOn() []Unread {
	if len(r.adrift) == 0 {
		return nil
	}
	used := map[token.Pos]bool{}
	seen := map[value.Value]bool{}
	for _, s := range r.order {
		for _, v := range slices.Concat(s.values, s.bound) {
			value.Walk(v, seen, func(v value.Value) {
				if t, ok := v.(*value.Text); ok {
					used[t.Pos] = true
				}
			})
		}
	}
	var all []Unread
	for _, h := range r.adrift {
		_, runs := r.runs[h.call]
		if runs || r.asked[h.call] || value.Has(h.sql, func(v value.Value) bool {
			t, ok := v.(*value.Text)
			return ok && used[t.Pos]
		}) {
			continue
		}
		if texts := expand(h.sql, h.arg.Pos(), h.arg.End()); len(texts) > 0 {
			all = append(all, Unread{Pos: h.arg.Pos(), Why: h.why, SQL: texts[0].SQL})
		}
	}
	return all
}
