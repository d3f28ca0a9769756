package builder

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/model"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// gorm/gen generates a struct for each table, with a field for each column, and
// statements about it whose methods are those of GORM's handles. Methods of the fields
// make expressions.
var gormGen = &Builder{
	Name:      "gorm gen",
	Packages:  []string{"gorm.io/gen", "gorm.io/gen/field"},
	Generated: isGORMGen,
	Models:    model.GORM,
	Mutable:   true,
	Exprs:     true,
	Runs: Names(`Find First Take Last Scan Pluck Count Row Rows FirstOrCreate FirstOrInit FindInBatch FindInBatches FindByPage ScanByPage
		Create CreateInBatches Save Update UpdateSimple Updates UpdateColumn UpdateColumnSimple UpdateColumns Delete`),
	Tables: Names("Model Table Update Delete"),
	Limits: Names("Where Or Not Having Join LeftJoin RightJoin Scopes Model Table Update Delete"),
	Arg:    gormGenArg,
	Begin:  gormGenBegin,
	Column: gormGenColumn,
	Step:   gormGenStep,
	Finish: gorm.Finish,
	Fresh:  gormGenFresh,
}

// gormGenAlias is the step that gives the table a name of the query's own, or makes a
// subquery of the statement.
const gormGenAlias = "As"

// isGORMGen reports whether gorm/gen has generated a package, by the function that makes
// its tables: func Use(db *gorm.DB, opts ...gen.DOOption) *Query.
func isGORMGen(pkg *types.Package) bool {
	use, ok := pkg.Scope().Lookup("Use").(*types.Func)
	if !ok || !use.Signature().Variadic() {
		return false
	}
	params := use.Signature().Params()
	option, ok := params.At(params.Len() - 1).Type().(*types.Slice)
	return ok && strings.HasPrefix(types.TypeString(option.Elem(), nil), "gorm.io/gen.")
}

// gormGenModel returns the struct type whose rows the statements of a generated type are
// about, nil if it is none.
func gormGenModel(t types.Type) types.Type {
	first, _, _ := types.LookupFieldOrMethod(t, true, nil, "First")
	fn, ok := first.(*types.Func)
	if !ok || fn.Pkg() == nil || !isGORMGen(fn.Pkg()) || fn.Signature().Results().Len() == 0 {
		return nil
	}
	return fn.Signature().Results().At(0).Type()
}

// gormGenTable returns the table that a value of a generated type is about; ok is false for
// any other type.
func gormGenTable(r Reader, e ast.Expr) (o *value.Object, ok bool) {
	of := gormGenModel(r.TypeOf(e))
	if of == nil {
		return nil, false
	}
	table := r.Table(of, model.GORM)
	if table == nil {
		return nil, false
	}
	return &value.Object{Origin: value.Origin{Pos: e.Pos()}, Table: table, Made: value.AsLiteral}, true
}

// gormGenColumn reads the field of a generated table.
func gormGenColumn(r Reader, e *ast.SelectorExpr, of value.Value) value.Value {
	o, ok := gormGenTable(r, e.X)
	if !ok {
		return nil
	}
	column := o.Table.ColumnOf(e.Sel.Name)
	if column == "" {
		return nil
	}
	name := value.Value(value.Static(Quote(baseName(o.Table)), e.Pos()))
	if alias := gormGenAliasOf(of); alias != nil {
		name = nameOf(alias)
	}
	return value.Concat(name, value.Static("."+Quote(column), e.Sel.Pos()))
}

// gormGenAliasOf returns the name that a chain begins by giving its table, nil if it gives
// it none.
func gormGenAliasOf(v value.Value) value.Value {
	c, ok := v.(*value.Chain)
	if !ok || len(c.Steps) < 2 {
		return nil
	}
	if s, ok := c.Steps[1].(*value.Step); ok && s.Method == gormGenAlias && len(s.Args) == 1 {
		return s.Args[0]
	}
	return nil
}

// gormGenFresh reports whether a statement is a new one with each call, as that of a table
// is until it has a condition.
func gormGenFresh(v value.Value) bool {
	c, ok := v.(*value.Chain)
	if !ok {
		return true
	}
	s, ok := c.Steps[len(c.Steps)-1].(*value.Step)
	return ok && (gormRenews[s.Method] || s.Method == "Model" || s.Method == gormGenAlias)
}

// gormGenArg reads a table that is joined, and the destination of a query, which says
// nothing.
func gormGenArg(c *Call, i int) value.Value {
	switch name := c.Name(); {
	case i == 0 && gormGenJoins[name] != "":
		if v := gormGenJoined(c); v != nil {
			return v
		}
	case i == 1 && strings.HasPrefix(name, "Update"):
		return c.operand(i)
	}
	return nil
}

// gormGenJoined returns the table, or the subquery, that a join names.
func gormGenJoined(c *Call) value.Value {
	given := c.Value(0)
	if chain, ok := given.(*value.Chain); ok && slices.ContainsFunc(chain.Steps, isGORMGenLimit) {
		return given
	}
	o, ok := gormGenTable(c, c.Arg(0))
	if !ok {
		return nil
	}
	table := nameOf(value.Static(o.Table.Name, o.Pos))
	if alias := gormGenAliasOf(given); alias != nil {
		table = value.Concat(table, value.Static(" AS ", o.Pos), nameOf(alias))
	}
	return table
}

// isGORMGenLimit reports whether a step makes more of a statement than its table.
func isGORMGenLimit(v value.Value) bool {
	s, ok := v.(*value.Step)
	return !ok || s.Method != "Model" && s.Method != gormGenAlias && !gormRenews[s.Method]
}

var gormGenJoins = map[string]string{"Join": "JOIN ", "LeftJoin": "LEFT JOIN ", "RightJoin": "RIGHT JOIN "}

// gormGenTests are the methods of a field that make a condition of it, or set it; $ is the
// field, # what is given.
var gormGenTests = map[string]string{
	"Eq": "$ = ?", "Neq": "$ <> ?", "Gt": "$ > ?", "Gte": "$ >= ?", "Lt": "$ < ?", "Lte": "$ <= ?", "Like": "$ LIKE ?", "NotLike": "$ NOT LIKE ?",
	"Between": "$ BETWEEN ? AND ?", "NotBetween": "$ NOT BETWEEN ? AND ?", "IsNull": "$ IS NULL", "IsNotNull": "$ IS NOT NULL", "Is": "$ IS ?",
	"EqCol": "$ = #", "NeqCol": "$ <> #", "GtCol": "$ > #", "GteCol": "$ >= #", "LtCol": "$ < #", "LteCol": "$ <= #",
	"Value": "$ = ?", "Zero": "$ = ''", "Null": "$ = NULL", "SetCol": "$ = #", "Asc": "$", "Desc": "$", "As": "$", "WithTable": "$",
	"Count": "COUNT($)", "Max": "MAX($)", "Min": "MIN($)", "Sum": "SUM($)", "Avg": "AVG($)", "Distinct": "DISTINCT $",
}

func gormGenBegin(c *Call) value.Value {
	if c.Recv == nil {
		return gormGenFunction(c)
	}
	if strings.HasSuffix(c.Fn.Pkg().Path(), "gorm.io/gen/field") {
		return gormGenExpression(c)
	}
	switch c.Name() {
	case "TableName", "Alias", "GetFieldByName", "WithResult", "Build", "UseDB", "UseModel", "UseTable":
		return c.Unknown()
	case "Columns":
		return value.HoleAt(c.Pos(), value.NameHole)
	}
	if value.IsChain(c.Recv) {
		return nil
	}
	sel, ok := ast.Unparen(c.Expr.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	o, ok := gormGenTable(c, sel.X)
	if !ok {
		return nil
	}
	from := c.Recv
	if isStruct(c.TypeOf(sel.X)) { // the table itself, which has no conditions
		from = value.Empty
	}
	c.Recv = value.Then(from, &value.Step{Origin: value.Origin{Pos: sel.X.Pos(), Through: c.Recv.At().Through}, Library: c.builder.Name, Method: "Model", Args: []value.Value{o}})
	return nil
}

// isStruct reports whether a generated type has columns, and is more than a statement.
func isStruct(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	return ok && s.NumFields() > 1
}

// gormGenFunction reads a function of gen or of its fields.
func gormGenFunction(c *Call) value.Value {
	switch name := c.Name(); name {
	case "Or", "And":
		return c.junction(c.terms()...)
	case "Not":
		return negated(joinedBy(value.And, value.Elements(c.terms()...)))
	case "Cond":
		return value.Elements(c.terms()...)
	case "Exists":
		return value.Concat(c.Static("EXISTS ("), c.Value(0), c.Static(")"))
	case "Table":
		if c.Fn.Pkg().Path() == "gorm.io/gen" {
			return c.begin("Table", nil, c.terms()...)
		}
	case "NewUnsafeFieldRaw":
		return value.Fill(c.Value(0), c.Operands(1))
	default:
		if strings.HasPrefix(name, "New") && len(c.Args) >= 2 && c.IsText(0) && c.IsText(1) {
			return gormGenNamed(c)
		}
	}
	return c.Unknown()
}

// gormGenNamed reads field.NewString and the like: a column by its name, and its table's.
func gormGenNamed(c *Call) value.Value {
	if table, ok := value.Plain(c.Value(0)); ok && table == "" {
		return nameOf(c.Value(1))
	} else if !ok {
		return nameOf(c.Value(1)) // whatever the table is called
	}
	return value.Concat(nameOf(c.Value(0)), c.Static("."), nameOf(c.Value(1)))
}

// gormGenExpression reads a method of a field.
func gormGenExpression(c *Call) value.Value {
	column := c.Recv
	if value.IsHole(column) {
		column = value.HoleAt(c.Pos(), value.NameHole)
	}
	name := c.Name()
	if word := xormIn[name]; word != "" {
		return oneOf(column, word, c.Pos())
	}
	text := gormGenTests[name]
	if text == "" {
		return c.Unknown()
	}
	v := value.Replace(value.Static(text, c.NamePos()), "$", column)
	if strings.Contains(text, "#") {
		v = value.Replace(v, "#", c.Value(0))
	}
	return v
}

func gormGenStep(st *Statement, s *value.Step) {
	args := spreadArgs(s.Args)
	switch s.Method {
	case "Model":
		if len(st.From) == 0 && st.model == nil {
			gormStep(st, s)
		}
	case gormGenAlias:
		st.gormGenAs(args[0], s)
	case "Table":
		st.From = append(st.From, args...)
	case "Where":
		st.Where = append(st.Where, st.gormGenTerms(args)...)
	case "Having":
		st.Having = append(st.Having, st.gormGenTerms(args)...)
	case "Or", "Not":
		switch all := st.gormGenTerms(args); {
		case len(all) == 0:
		case s.Method == "Or":
			st.orIn(termsOf(all, s.Pos))
		default:
			st.and(negated(termsOf(all, s.Pos)))
		}
	case "Join", "LeftJoin", "RightJoin":
		join := value.Concat(value.Static(gormGenJoins[s.Method], s.Pos), args[0])
		for i, on := range args[1:] {
			word := " ON "
			if i > 0 {
				word = " AND "
			}
			join = value.Concat(join, value.Static(word, s.Pos), on)
		}
		st.Joins = append(st.Joins, join)
	case "Joins", "Preload", "Attrs", "Assign", "Omit", "Order": // the rows of others are read by themselves
	case "Select", "Distinct":
		st.Distinct = st.Distinct || s.Method == "Distinct"
		st.Columns = append(st.Columns, args...)
	case "Group":
		st.Group = append(st.Group, args...)
	case "Find", "First", "Take", "Last", "Scan", "FindInBatch", "FindInBatches", "FindByPage", "ScanByPage", "Row", "Rows", "Count", "FirstOrInit", "FirstOrCreate":
		st.finishGORM(s, nil)
	case "Updates":
		if o, ok := st.in.Settle(args[0]).(*value.Object); ok {
			st.model = o // GORM finds the row by its key
		}
		gormStep(st, s)
	case "UpdateSimple", "UpdateColumnSimple":
		st.Verb = "UPDATE"
		st.setTable(st.model)
		st.Sets = append(st.Sets, args...)
	case "Update", "UpdateColumn":
		st.Verb = "UPDATE"
		st.setTable(st.model)
		if len(args) > 1 {
			st.set(args[0], setOperand(args[1]), s.Pos)
		}
	case "Delete":
		if len(args) == 0 {
			st.Verb = "DELETE"
			st.setTable(st.model)
			return
		}
		fallthrough
	default:
		gormStep(st, &value.Step{Origin: s.Origin, Library: s.Library, Method: s.Method, Args: args})
	}
}

// gormGenAs calls the table by another name.
func (st *Statement) gormGenAs(alias value.Value, s *value.Step) {
	o, ok := st.model.(*value.Object)
	if !ok || len(st.Where)+len(st.Columns)+len(st.From) > 0 {
		st.Alias = alias
		return
	}
	st.From = []value.Value{value.Concat(o, value.Static(" AS ", s.Pos), nameOf(alias))}
}

// gormGenTerms returns conditions, those of lists in their places.
func (st *Statement) gormGenTerms(args []value.Value) (all []Term) {
	elems, optional := st.in.Elements(args)
	for _, e := range elems {
		of := st.in.Settle(e)
		if l, ok := of.(*value.List); ok && l.Junction == value.NoJunction {
			all = append(all, st.gormGenTerms(l.Elems)...)
		} else if of = st.gormGenGroup(of); !value.IsEmpty(of) {
			all = append(all, Term{Of: of, Group: true, Optional: optional[e]})
		}
	}
	return all
}

// gormGenGroup returns a condition; the conditions of a statement are one in parentheses.
func (st *Statement) gormGenGroup(v value.Value) value.Value {
	c, ok := v.(*value.Chain)
	if !ok {
		return v
	}
	group := &Statement{in: st.in}
	group.steps(c)
	return termsOf(group.Where, c.Pos)
}
