package builder

import (
	"strings"

	"github.com/poollint/poollint/internal/sqltext/value"
)

var squirrel = &Builder{
	Name:     "squirrel",
	Packages: []string{"github.com/Masterminds/squirrel"},
	Runs:     Names("Exec Query QueryRow Scan ExecContext QueryContext QueryRowContext ScanContext"),
	Renders:  Names("ToSql MustSql"),
	Setters:  Names("Set"),
	Tables:   Names("From FromSelect Table Into Insert Replace Update Delete"),
	Limits:   Names("Where Having Join InnerJoin LeftJoin JoinClause From FromSelect Table Into Insert Update Delete"),
	Forms: map[string]Form{
		"Eq": {}, "And": {}, "Or": {Or: true},
		"NotEq": {Operator: "<>"}, "Lt": {Operator: "<"}, "LtOrEq": {Operator: "<="}, "Gt": {Operator: ">"}, "GtOrEq": {Operator: ">="},
		"Like": {Operator: "LIKE"}, "NotLike": {Operator: "NOT LIKE"}, "ILike": {Operator: "ILIKE"}, "NotILike": {Operator: "NOT ILIKE"},
	},
	Begin: squirrelBegin,
	Step:  squirrelStep,
}

func squirrelBegin(c *Call) value.Value {
	if c.Recv != nil || c.Owner() != "" {
		if !strings.Contains(c.Owner(), "Builder") {
			return c.Unknown() // the row that a query returns
		}
		return nil
	}
	switch name := c.Name(); name {
	case "Select", "Insert", "Replace", "Update", "Delete":
		return c.Start()
	case "Expr":
		return value.Fill(c.Value(0), c.Operands(1))
	case "ConcatExpr":
		parts := c.Operands(0)
		for i := range parts {
			if c.IsText(i) { // SQL, unlike the text among other operands
				parts[i] = c.Args[i]
			}
		}
		return value.Concat(parts...)
	case "Alias":
		return value.Concat(c.Static("("), c.Value(0), c.Static(") AS "), c.Value(1))
	default:
		if strings.HasSuffix(name, "With") && len(c.Args) > 0 {
			if last := c.Args[len(c.Args)-1]; value.IsChain(last) {
				c.Run(last)
			}
			return value.Unknown(c.Expr, nil)
		}
	}
	return nil
}

// squirrelJoins are the words before the text of a join.
var squirrelJoins = map[string]string{
	"Join": "JOIN ", "InnerJoin": "INNER JOIN ", "LeftJoin": "LEFT JOIN ", "RightJoin": "RIGHT JOIN ", "CrossJoin": "CROSS JOIN ", "JoinClause": "",
}

func squirrelStep(st *Statement, s *value.Step) {
	args := spreadArgs(s.Args)
	if len(args) == 0 && s.Method != "Distinct" && s.Method != "Select" && s.Method != "RemoveColumns" {
		return
	}
	if word, ok := squirrelJoins[s.Method]; ok {
		st.Joins = append(st.Joins, value.Concat(value.Static(word, s.Pos), value.Fill(args[0], args[1:])))
		return
	}
	switch s.Method {
	case "Select":
		if st.Verb == "INSERT" && len(st.From) > 0 {
			st.Selected = args[0]
			return
		}
		st.Verb = "SELECT"
		st.Columns = append(st.Columns, args...)
	case "Columns":
		if st.Verb == "INSERT" {
			st.Names = append(st.Names, args...)
		} else {
			st.Columns = append(st.Columns, args...)
		}
	case "Column":
		st.Columns = append(st.Columns, value.Fill(args[0], args[1:]))
	case "RemoveColumns":
		st.Columns = nil
	case "From":
		if st.Verb == "SELECT" || st.Verb == "" || st.Verb == "DELETE" {
			st.From = nil
		}
		st.From = append(st.From, args[0])
	case "FromSelect":
		st.From = append(st.From, value.Concat(value.Static("(", s.Pos), args[0], value.Static(") AS ", s.Pos), args[1]))
	case "Insert", "Replace":
		st.Verb, st.From = "INSERT", args[:1]
	case "Into":
		st.From = args[:1]
	case "Update":
		st.Verb, st.From = "UPDATE", args[:1]
	case "Table":
		st.From = args[:1]
	case "Delete":
		st.Verb, st.From = "DELETE", args[:1]
	case "Set":
		st.set(args[0], setOperand(args[1]), s.Pos)
	case "SetMap":
		st.setRecord(args[0])
	case "Values":
		st.Rows = append(st.Rows, row(args, s.Pos))
	case "Where", "Having":
		t := Term{Of: value.Fill(args[0], args[1:])}
		if s.Method == "Having" {
			st.Having = append(st.Having, t)
		} else if !value.IsEmpty(t.Of) {
			st.Where = append(st.Where, t)
		}
	case "GroupBy":
		st.Group = append(st.Group, args...)
	case "OrderBy":
		st.Order = append(st.Order, args...)
	case "OrderByClause":
		st.Order = append(st.Order, value.Fill(args[0], args[1:]))
	case "Prefix", "PrefixExpr":
		st.Prefix = append(st.Prefix, value.Fill(args[0], args[1:]))
	case "Suffix", "SuffixExpr":
		st.Tail = append(st.Tail, value.Fill(args[0], args[1:]))
	case "Distinct":
		st.Distinct = true
	}
}
