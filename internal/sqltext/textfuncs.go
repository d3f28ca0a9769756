package sqltext

import (
	"go/ast"
	"go/constant"
	"go/token"
	"strconv"
	"strings"

	"github.com/poollint/poollint/internal/dbapi"
)

// A textFunc says what a function of the standard library, or of a database
// library, makes of text.
type textFunc func(f *frame, call *ast.CallExpr, recv *value, args []*value) []*value

var textFuncs map[dbapi.Name]textFunc

func init() {
	textFuncs = map[dbapi.Name]textFunc{
		"fmt.Sprintf":        func(f *frame, call *ast.CallExpr, _ *value, args []*value) []*value { return f.format(call, args) },
		"fmt.Sprint":         sprint,
		"fmt.Fprintf":        fprintf,
		"fmt.Fprint":         fprint,
		"io.WriteString":     fprint,
		"strings.Join":       joinTexts,
		"strings.Repeat":     argument(0),
		"strings.ReplaceAll": replace,
		"strings.Replace":    replace,

		"strings.TrimSpace": argument(0), "strings.Trim": argument(0), "strings.TrimLeft": argument(0),
		"strings.TrimRight": trimSuffix, "strings.TrimSuffix": trimSuffix, "strings.TrimPrefix": argument(0),
		"strings.ToLower": argument(0), "strings.ToUpper": argument(0), "strings.Clone": argument(0),
		"strconv.Itoa": number, "strconv.FormatInt": number, "strconv.FormatUint": number,

		"(strings.Builder).WriteString": write, "(bytes.Buffer).WriteString": write,
		"(strings.Builder).Write": write, "(bytes.Buffer).Write": write,
		"(strings.Builder).WriteByte": writeChar, "(bytes.Buffer).WriteByte": writeChar,
		"(strings.Builder).WriteRune": writeChar, "(bytes.Buffer).WriteRune": writeChar,
		"(strings.Builder).String": receiver, "(bytes.Buffer).String": receiver, "(bytes.Buffer).Bytes": receiver,
		"(strings.Builder).Reset": reset, "(bytes.Buffer).Reset": reset,
		"(strings.Builder).Grow": nothing, "(bytes.Buffer).Grow": nothing, "(strings.Builder).Len": nothing,

		"slices.Concat": concatLists, "slices.Clone": argument(0), "maps.Clone": argument(0),

		"github.com/jmoiron/sqlx.Rebind": argument(1),
		"github.com/jmoiron/sqlx.In":     argument(0),
		"github.com/jmoiron/sqlx.Named":  argument(0),

		"(github.com/jmoiron/sqlx.DB).BindNamed": argument(0), "(github.com/jmoiron/sqlx.Tx).BindNamed": argument(0),

		"github.com/lib/pq.QuoteIdentifier":             quoted,
		"github.com/lib/pq.QuoteLiteral":                quotedLiteral,
		"(github.com/jackc/pgx/v5.Identifier).Sanitize": sanitize,
		"(github.com/jackc/pgx/v4.Identifier).Sanitize": sanitize,
		"(github.com/jackc/pgx.Identifier).Sanitize":    sanitize,
		"os.Exit":     stop,
		"log.Fatal":   stop,
		"log.Fatalf":  stop,
		"log.Fatalln": stop,
	}
}

func argument(i int) textFunc {
	return func(_ *frame, _ *ast.CallExpr, _ *value, args []*value) []*value {
		if i < len(args) {
			return []*value{args[i]}
		}
		return nil
	}
}

func receiver(_ *frame, _ *ast.CallExpr, recv *value, _ []*value) []*value { return []*value{recv} }

func nothing(*frame, *ast.CallExpr, *value, []*value) []*value { return nil }

func stop(f *frame, _ *ast.CallExpr, _ *value, _ []*value) []*value {
	f.env.dead = true
	return nil
}

func number(f *frame, call *ast.CallExpr, _ *value, args []*value) []*value {
	if len(args) > 0 && args[0].Kind == text {
		return args[:1]
	}
	v := unknown(call, nil)
	v.Hole = NumberHole
	return []*value{v}
}

// quotedLiteral is a value in quotes.
func quotedLiteral(f *frame, call *ast.CallExpr, _ *value, _ []*value) []*value {
	v := unknown(call, nil)
	v.Hole = ListHole
	return []*value{v}
}

// quoted is an identifier in quotes.
func quoted(f *frame, call *ast.CallExpr, _ *value, args []*value) []*value {
	if len(args) != 1 {
		return nil
	}
	return []*value{identifier(args[0], call.Pos())}
}

func identifier(v *value, pos token.Pos) *value {
	if v.Kind == hole {
		w := *v
		w.Hole = NameHole
		return &w
	}
	return concat(static(`"`, pos), v, static(`"`, pos))
}

// sanitize is a qualified name: pgx.Identifier{"schema", "table"}.Sanitize().
func sanitize(f *frame, call *ast.CallExpr, recv *value, _ []*value) []*value {
	if recv == nil || recv.Kind != list {
		v := unknown(call, nil)
		v.Hole = NameHole
		return []*value{v}
	}
	names := make([]*value, len(recv.Kids))
	for i, kid := range recv.Kids {
		names[i] = identifier(kid, call.Pos())
	}
	return []*value{joined(elements(names...), ".", call.Pos())}
}

func joinTexts(f *frame, call *ast.CallExpr, _ *value, args []*value) []*value {
	if len(args) != 2 {
		return nil
	}
	sep, ok := plain(args[1])
	if !ok {
		return []*value{{Kind: junction, Kids: args, pos: call.Pos()}}
	}
	if args[0].Kind == hole && strings.TrimSpace(sep) == "," {
		v := unknown(call, nil)
		v.Hole = ListHole
		return []*value{v}
	}
	return []*value{joined(args[0], sep, call.Pos())}
}

func concatLists(_ *frame, _ *ast.CallExpr, _ *value, args []*value) []*value {
	all := elements()
	for _, a := range args {
		all = spread(all, a)
	}
	return []*value{all}
}

func sprint(_ *frame, _ *ast.CallExpr, _ *value, args []*value) []*value {
	return []*value{concat(args...)}
}

func trimSuffix(_ *frame, _ *ast.CallExpr, _ *value, args []*value) []*value {
	if len(args) != 2 {
		return nil
	}
	suffix, ok := plain(args[1])
	v := args[0]
	if !ok || suffix == "" {
		return args[:1]
	}
	kids := []*value{v}
	if v.Kind == sequence {
		kids = append([]*value{}, v.Kids...)
	}
	last := kids[len(kids)-1]
	if last.Kind == text && strings.HasSuffix(last.Text, suffix) {
		kids[len(kids)-1] = last.slice(0, len(last.Text)-len(suffix))
	}
	return []*value{concat(kids...)}
}

// replace puts new text where the known parts have the old.
func replace(_ *frame, call *ast.CallExpr, _ *value, args []*value) []*value {
	if len(args) < 3 {
		return nil
	}
	old, ok := plain(args[1])
	if !ok || old == "" {
		return nil
	}
	return []*value{replaceText(args[0], old, args[2])}
}

// replaceText puts to in the places where the known text of v has old.
func replaceText(v *value, old string, to *value) *value {
	return rewrite(v, func(v *value) *value {
		if v.Kind != text || !strings.Contains(v.Text, old) {
			return v
		}
		var parts []*value
		from := 0
		for {
			i := strings.Index(v.Text[from:], old)
			if i < 0 {
				break
			}
			parts = append(parts, v.slice(from, from+i), to)
			from += i + len(old)
		}
		return concat(append(parts, v.slice(from, len(v.Text)))...)
	})
}

// write appends to a strings.Builder or bytes.Buffer.
func write(f *frame, call *ast.CallExpr, recv *value, args []*value) []*value {
	if len(args) == 1 {
		f.appendTo(call.Fun.(*ast.SelectorExpr).X, recv, args[0])
	}
	return nil
}

func writeChar(f *frame, call *ast.CallExpr, recv *value, args []*value) []*value {
	v := unknown(call, nil)
	if tv := f.info.Types[call.Args[0]]; tv.Value != nil {
		if n, ok := constant.Int64Val(constant.ToInt(tv.Value)); ok {
			v = static(string(rune(n)), call.Args[0].Pos())
		}
	}
	f.appendTo(call.Fun.(*ast.SelectorExpr).X, recv, v)
	return nil
}

func reset(f *frame, call *ast.CallExpr, _ *value, _ []*value) []*value {
	f.store(call.Fun.(*ast.SelectorExpr).X, empty)
	return nil
}

func fprintf(f *frame, call *ast.CallExpr, _ *value, args []*value) []*value {
	if len(args) > 1 {
		rest := *call
		rest.Args = call.Args[1:]
		f.appendTo(call.Args[0], args[0], f.format(&rest, args[1:])[0])
	}
	return nil
}

func fprint(f *frame, call *ast.CallExpr, _ *value, args []*value) []*value {
	if len(args) > 1 {
		f.appendTo(call.Args[0], args[0], concat(args[1:]...))
	}
	return nil
}

// appendTo adds to the text that a local variable holds.
func (f *frame) appendTo(target ast.Expr, old, more *value) {
	if u, ok := ast.Unparen(target).(*ast.UnaryExpr); ok && u.Op == token.AND {
		target = u.X
	}
	if old != nil && f.local(target) != nil {
		f.store(target, concat(old, more))
	}
}

// format is fmt.Sprintf: args[0] is the format, known in part or whole.
func (f *frame) format(call *ast.CallExpr, args []*value) []*value {
	if len(args) == 0 {
		return nil
	}
	operands := args[1:]
	if call.Ellipsis.IsValid() && len(operands) == 1 && operands[0].Kind == list {
		operands = operands[0].Kids
	}
	return []*value{format(args[0], operands, call.Pos())}
}

func format(text *value, operands []*value, pos token.Pos) *value {
	p := &printer{pos: pos, operands: operands}
	return p.expand(text)
}

// A printer puts operands into a format.
type printer struct {
	pos      token.Pos
	operands []*value
	next     int
}

func (p *printer) expand(format *value) *value {
	switch format.Kind {
	case text:
		return p.text(format)
	case sequence:
		parts := make([]*value, len(format.Kids))
		for i, kid := range format.Kids {
			parts[i] = p.expand(kid)
		}
		return concat(parts...)
	case either:
		w := *format
		w.Kids = make([]*value, len(format.Kids))
		start := p.next
		for i, kid := range format.Kids {
			p.next = start
			w.Kids[i] = p.expand(kid)
		}
		return &w
	case param, member:
		return &value{Kind: formatted, Kids: append([]*value{format}, p.operands...), pos: p.pos}
	}
	return format
}

func (p *printer) text(v *value) *value {
	var parts []*value
	s := v.Text
	from := 0
	for i := 0; i < len(s); i++ {
		if s[i] != '%' {
			continue
		}
		verb, index, width := readVerb(s[i:])
		if width == 0 {
			continue
		}
		parts = append(parts, v.slice(from, i))
		from = i + width
		i = from - 1
		if verb == '%' {
			parts = append(parts, v.slice(from-1, from))
			continue
		}
		if index > 0 {
			p.next = index - 1
		}
		parts = append(parts, p.operand(verb))
	}
	return concat(append(parts, v.slice(from, len(s)))...)
}

// readVerb reads a formatting directive: %s, %-5d, %[2]v; width is 0 if there is none.
func readVerb(s string) (verb byte, index, width int) {
	i := 1
	for i < len(s) && strings.IndexByte("+-# 0123456789.", s[i]) >= 0 {
		i++
	}
	if i < len(s) && s[i] == '[' {
		end := strings.IndexByte(s[i:], ']')
		if end < 0 {
			return 0, 0, 0
		}
		index, _ = strconv.Atoi(s[i+1 : i+end])
		i += end + 1
	}
	if i >= len(s) {
		return 0, 0, 0
	}
	return s[i], index, i + 1
}

func (p *printer) operand(verb byte) *value {
	i := p.next
	p.next++
	if i >= len(p.operands) {
		return holeAt(p.pos, AnyHole)
	}
	v := p.operands[i]
	switch verb {
	case 'q':
		return identifier(v, p.pos)
	case 'd':
		if v.Kind == hole {
			w := *v
			w.Hole = NumberHole
			return &w
		}
	}
	switch v.Kind {
	case list, record, lambda, object:
		return holeAt(p.pos, AnyHole)
	}
	return v
}
