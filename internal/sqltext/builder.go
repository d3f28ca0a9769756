package sqltext

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/model"
)

// library is a query builder or object mapper whose chains become SQL.
type library string

// The libraries.
const (
	squirrel library = "squirrel"
	goqu     library = "goqu"
	gorm     library = "gorm"
	bun      library = "bun"
	gopg     library = "go-pg"
	xorm     library = "xorm"
	ent      library = "ent"
)

// packages says which library an import path belongs to.
var packages = map[string]library{
	"github.com/Masterminds/squirrel":    squirrel,
	"github.com/doug-martin/goqu/v9":     goqu,
	"github.com/doug-martin/goqu/v9/exp": goqu,
	"gorm.io/gorm":                       gorm,
	"gorm.io/gorm/clause":                gorm,
	"github.com/jinzhu/gorm":             gorm,
	"github.com/uptrace/bun":             bun,
	"github.com/go-pg/pg/v10":            gopg,
	"github.com/go-pg/pg/v10/orm":        gopg,
	"xorm.io/xorm":                       xorm,
	"xorm.io/builder":                    xorm,
}

// A mapper says what the functions and methods of one library do.
type mapper struct {
	tags    model.Mapper
	mutable bool // methods change their receiver

	// terminal are the methods that run the query; rendered ones give its text.
	terminal, rendered map[string]bool

	// functions of the library's packages that make expressions or begin a chain.
	expression func(f *frame, fn *types.Func, call *ast.CallExpr, recv *value, args []*value) *value

	// step adds what a call in the chain says to the statement.
	step func(w *writer, st *statement, s *value)

	// finish completes the statement when every step is read; may be nil.
	finish func(w *writer, st *statement)
}

var mappers map[library]*mapper

func init() {
	mappers = map[library]*mapper{
		squirrel: squirrelMapper,
		goqu:     goquMapper,
		gorm:     gormMapper,
		bun:      bunMapper,
		gopg:     gopgMapper,
		xorm:     xormMapper,
		ent:      entMapper,
	}
}

func names(s string) map[string]bool {
	set := map[string]bool{}
	for name := range strings.FieldsSeq(s) {
		set[name] = true
	}
	return set
}

// libraryOf returns the library that a type belongs to, "" if none.
func libraryOf(t types.Type) library {
	for range 3 {
		switch u := types.Unalias(t).(type) {
		case *types.Pointer:
			t = u.Elem()
		case *types.Named:
			if u.Obj().Pkg() == nil {
				return ""
			}
			return libraryOfPackage(u.Obj().Pkg())
		default:
			return ""
		}
	}
	return ""
}

func libraryOfPackage(pkg *types.Package) library {
	if lib, ok := packages[pkg.Path()]; ok {
		return lib
	}
	if isEnt(pkg) {
		return ent
	}
	return ""
}

func libraryOfFunc(fn *types.Func) library {
	if fn.Pkg() == nil {
		return ""
	}
	return libraryOfPackage(fn.Pkg())
}

// libraryCall returns the library whose builders the call is part of, "" if it
// is not or if it takes SQL as text. GORM's generics, whose methods are those of
// interfaces, are not modelled.
func (f *frame) libraryCall(fn *types.Func, call *ast.CallExpr) library {
	lib := libraryOfFunc(fn)
	if recv := fn.Signature().Recv(); lib == gorm && recv != nil && types.IsInterface(recv.Type()) {
		return ""
	}
	if lib == "" || f.api.Of(fn) != nil && lib != gorm && lib != xorm {
		return ""
	}
	return lib
}

// builderCall reads a call of a function or method of a builder library.
func (f *frame) builderCall(lib library, fn *types.Func, call *ast.CallExpr, recv *value) []*value {
	m := mappers[lib]
	args := f.args(call)
	if q := f.api.Of(fn); q != nil { // gorm's Raw and Exec, xorm's SQL
		f.queryCall(call, q, args)
		if recv == nil {
			return nil
		}
		return []*value{then(recv, &value{Kind: step, Lib: lib, Text: "Raw", pos: call.Pos()})}
	}
	if v := m.expression(f, fn, call, recv, args); v != nil {
		return []*value{v}
	}
	if recv == nil {
		return nil
	}
	name := fn.Name()
	next := &value{Kind: step, Lib: lib, Text: name, Kids: f.stepArgs(lib, fn, call, args), pos: namePos(call)}
	v := then(recv, next)
	v.typ = f.typeOf(call)
	v.Text = verbOf(fn)
	switch {
	case m.rendered[name]:
		f.pending(call, v)
		return []*value{v}
	case m.terminal[name] && !has(v, isRaw):
		f.ask(call, query{SQL: v, Method: dbapi.NameOf(fn)}, Builder)
		f.lose(call)
		if lib == gorm && libraryOf(f.typeOf(call)) == gorm {
			return []*value{recv}
		}
		return nil
	}
	if !isBuilder(f.typeOf(call)) {
		return nil
	}
	if m.mutable {
		f.changeInPlace(call, recv, v)
	}
	return []*value{v}
}

// verbOf returns the verb of the statements that the type of a method builds, ""
// if it builds several.
func verbOf(fn *types.Func) string {
	owner := ownerName(fn)
	for _, verb := range []string{"Select", "Insert", "Update", "Delete"} {
		if strings.HasPrefix(owner, verb) {
			return strings.ToUpper(verb)
		}
	}
	return ""
}

// ownerName returns the name of the type that a method belongs to.
func ownerName(fn *types.Func) string {
	recv := fn.Signature().Recv()
	if recv == nil {
		return ""
	}
	t := recv.Type()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if named, ok := types.Unalias(t).(*types.Named); ok {
		return named.Obj().Name()
	}
	return ""
}

func isRaw(v *value) bool { return v.Kind == step && v.Text == "Raw" }

// isBuilder reports whether a call's result goes on with the chain.
func isBuilder(t types.Type) bool {
	if tuple, ok := t.(*types.Tuple); ok {
		if tuple.Len() == 0 {
			return false
		}
		t = tuple.At(0).Type()
	}
	return libraryOf(t) != ""
}

// namePos returns the position of the method's name in a call.
func namePos(call *ast.CallExpr) token.Pos {
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		return sel.Sel.Pos()
	}
	return call.Pos()
}

// changeInPlace makes the longer chain the value of the variable that it starts
// from.
func (f *frame) changeInPlace(call *ast.CallExpr, recv, v *value) {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || v.Lib == gorm && fresh(recv) {
		return
	}
	root := ast.Unparen(sel.X)
	for {
		inner, ok := root.(*ast.CallExpr)
		if !ok {
			break
		}
		s, ok := ast.Unparen(inner.Fun).(*ast.SelectorExpr)
		if !ok {
			return
		}
		root = ast.Unparen(s.X)
	}
	if id, ok := root.(*ast.Ident); ok {
		if old := f.env.vars[f.info.Uses[id]]; old != nil && old.Kind == chain && !(v.Lib == gorm && fresh(old)) {
			f.env.vars[f.info.Uses[id]] = v
		}
	}
}

// fresh reports whether a GORM handle begins a new statement with each call.
func fresh(v *value) bool {
	if v.Kind != chain {
		return true
	}
	switch v.Kids[len(v.Kids)-1].Text {
	case "WithContext", "Session", "Debug", "Begin":
		return true
	}
	return false
}

// stepArgs returns the arguments of a step: text, builders, tables of models,
// and placeholders for values.
func (f *frame) stepArgs(lib library, fn *types.Func, call *ast.CallExpr, args []*value) []*value {
	out := make([]*value, len(args))
	params := fn.Signature().Params()
	for i, a := range args {
		var e ast.Expr = call
		if i < len(call.Args) {
			e = call.Args[i]
		}
		last := params.Len() - 1
		variadic := fn.Signature().Variadic() && i >= last
		switch {
		case f.mapped(lib, e):
			out[i] = f.objectOf(lib, e, a)
		case lib == gorm && i == 1 && inlineConditions[fn.Name()] && f.isTextExpr(e):
			out[i] = a
		case lib != goqu && variadic && isAny(params.At(last).Type()), i == 1 && setters[fn.Name()]:
			out[i] = f.operand(e, a)
			if call.Ellipsis.IsValid() {
				out[i] = placeholder(e.Pos())
			}
		case variadic && call.Ellipsis.IsValid() && a.Kind == list && i == last:
			return append(out[:i], &value{Kind: list, Kids: a.Kids, Text: spreadList, pos: e.Pos()})
		case lib == goqu && f.isTextExpr(e):
			out[i] = goquName(a)
		default:
			out[i] = a
		}
	}
	return out
}

// setters are the methods whose second argument is the value of a column.
var setters = names("Set Update UpdateColumn")

// inlineConditions are the methods of GORM that take a condition behind the
// destination.
var inlineConditions = names("First Take Last Find FirstOrCreate FirstOrInit Delete")

func (f *frame) isTextExpr(e ast.Expr) bool { return isText(f.typeOf(e)) }

// spreadList marks a list whose elements are the arguments of a variadic call.
const spreadList = "..."

// mapped reports whether the expression is a struct that the library maps to a
// table.
func (f *frame) mapped(lib library, e ast.Expr) bool {
	t := f.typeOf(e)
	if libraryOf(t) != "" || mappers[lib].tags == "" {
		return false
	}
	named := model.Struct(t)
	if named == nil || named.Obj().Pkg() == nil || packages[named.Obj().Pkg().Path()] != "" {
		return false
	}
	switch named.Obj().Pkg().Path() {
	case "time", "database/sql", "github.com/lib/pq", "context":
		return false
	}
	return true
}

// objectOf returns the table of a model with what its literal sets.
func (f *frame) objectOf(lib library, e ast.Expr, v *value) *value {
	o := f.object(f.typeOf(e), mappers[lib].tags, e.Pos())
	if o == nil {
		return v
	}
	switch v.Kind {
	case record:
		if o.Kids = v.Kids; !slices.ContainsFunc(v.Kids, isUnknownStart) {
			o.Text = literalObject
		}
	case list:
		o.Text = listObject
	}
	if _, ok := types.Unalias(f.typeOf(e)).Underlying().(*types.Slice); ok {
		o.Text = listObject
	}
	if isConversion(e) {
		o.Text = literalObject // (*T)(nil)
	}
	return o
}

// isUnknownStart reports whether a part of a record brings entries that are not
// known.
func isUnknownStart(v *value) bool {
	return v.Kind == hole || v.Kind == param || v.Kind == member
}

// What an object was made from.
const (
	literalObject = "literal" // a literal or zero value: only the entries are set
	listObject    = "list"
)

func isConversion(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok && id.Name == "new" {
		return true
	}
	_, ok = ast.Unparen(call.Fun).(*ast.StarExpr)
	return ok
}

// holdsOperands reports whether the values of a map type may be expressions of a
// builder.
func holdsOperands(t types.Type) bool {
	m, ok := t.Underlying().(*types.Map)
	if !ok {
		return false
	}
	_, isInterface := m.Elem().Underlying().(*types.Interface)
	return isInterface
}

// operand returns what an argument puts in the place of a "?": an expression or a
// subquery of the library, else a placeholder.
func (f *frame) operand(e ast.Expr, v *value) *value {
	t := f.typeOf(e)
	switch {
	case v.Kind == chain, libraryOf(t) != "" && v.Kind != hole && v.Kind != param:
		return v
	case v.Kind == record && libraryOfName(v.Text) != "":
		return v
	case f.info.Types[e].IsNil():
		return static("NULL", e.Pos())
	}
	if s, ok := t.Underlying().(*types.Slice); ok {
		if b, ok := s.Elem().Underlying().(*types.Basic); !ok || b.Kind() != types.Byte {
			return holeAt(e.Pos(), ListHole)
		}
	}
	return placeholder(e.Pos())
}

func placeholder(pos token.Pos) *value {
	v := static("?", pos)
	v.Hole = ListHole
	return v
}

func isPlaceholder(v *value) bool { return v.Kind == text && v.Text == "?" && v.Hole == ListHole }

func isAny(t types.Type) bool {
	s, ok := t.(*types.Slice)
	if !ok {
		return false
	}
	i, ok := s.Elem().Underlying().(*types.Interface)
	return ok && i.NumMethods() == 0
}

func libraryOfName(name string) library {
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		return packages[name[:i]]
	}
	return ""
}

// fill puts operands into the places of the question marks of a text.
func fill(sql *value, operands []*value) *value {
	some := false
	for _, o := range operands {
		some = some || o != nil && !isPlaceholder(o) && (o.Kind == chain || o.Kind == sequence || o.Kind == text || o.Kind == junction || o.Kind == record)
	}
	if !some {
		return sql
	}
	kids := []*value{sql}
	if sql.Kind == sequence {
		kids = sql.Kids
	}
	next := 0
	var parts []*value
	for _, kid := range kids {
		if kid.Kind != text {
			parts = append(parts, kid)
			continue
		}
		from := 0
		quote := byte(0)
		for i := range len(kid.Text) {
			c := kid.Text[i]
			switch {
			case quote != 0:
				if c == quote {
					quote = 0
				}
			case c == '\'' || c == '"' || c == '`':
				quote = c
			case c == '?' && next < len(operands):
				o := operands[next]
				next++
				if o == nil || isPlaceholder(o) || o.Kind == hole || o.Kind == list {
					continue
				}
				if o.Kind == chain && !strings.HasSuffix(strings.TrimRight(kid.Text[:i], " \n\t"), "(") {
					o = concat(static("(", o.pos), o, static(")", o.pos))
				}
				parts = append(parts, kid.slice(from, i), o)
				from = i + 1
			}
		}
		parts = append(parts, kid.slice(from, len(kid.Text)))
	}
	return concat(parts...)
}

// pending records a query whose text is taken from the builder, in case no query
// call is seen that uses it.
func (f *frame) pending(call *ast.CallExpr, v *value) {
	if !complete(v) || hasParam(v) {
		return
	}
	f.weakSite(call, v)
}

// complete reports whether a chain names the table that it is about.
func complete(v *value) bool {
	if v.Kind != chain {
		return false
	}
	for _, kid := range v.Kids[1:] {
		if has(kid, func(v *value) bool {
			return v.Kind == object || v.Kind == step && tableSteps[v.Text] && len(v.Kids) > 0
		}) {
			return true
		}
	}
	return false
}

var tableSteps = names("From FromSelect Table TableExpr ModelTableExpr Into Insert Update Delete Replace entRoot")

// quoteName returns an identifier as it stands in SQL; each part that needs it in
// quotes.
func quoteName(name string) string {
	parts := strings.Split(name, ".")
	for i, p := range parts {
		if p != "*" && !plainName(p) {
			parts[i] = `"` + p + `"`
		}
	}
	return strings.Join(parts, ".")
}

func plainName(s string) bool {
	for i, c := range s {
		if c != '_' && c != '$' && !(unicode.IsLower(c) || i > 0 && unicode.IsDigit(c)) && c != 0 {
			return false
		}
	}
	return s != "" && !reserved[s]
}

// reserved are the words that tables and columns are called in spite of SQL.
var reserved = names(`all and any array as asc between both case cast check collate column constraint create cross
current_date current_time current_timestamp current_user default desc distinct do else end except false fetch for foreign
from full grant group having in inner insert intersect into is join key lateral left like limit natural not null offset on
or order outer primary references returning right select session_user set some table then to true union unique update user
using values when where window with`)

// nameOf returns a name given as text, in quotes where it needs them.
func nameOf(v *value) *value {
	if s, ok := plain(v); ok && v.Kind == text {
		q := quoteName(s)
		if q == s {
			return v
		}
		return static(q, v.pos)
	}
	return v
}
