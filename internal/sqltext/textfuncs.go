package sqltext

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"strings"
	"sync"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/sqltext/value"
)

// A textFunc says what a function makes of text.
type textFunc func(f *frame, call *ast.CallExpr, recv value.Value, args []value.Value) []value.Value

// textFuncs has the functions of the standard library.
var textFuncs map[dbapi.Name]textFunc

func init() {
	textFuncs = map[dbapi.Name]textFunc{
		"fmt.Sprintf": func(f *frame, call *ast.CallExpr, _ value.Value, args []value.Value) []value.Value {
			return f.format(call, args)
		},
		"fmt.Sprint":         sprint,
		"fmt.Fprintf":        fprintf,
		"fmt.Fprint":         fprint,
		"io.WriteString":     fprint,
		"strings.Join":       joinTexts,
		"strings.Split":      split,
		"strings.Repeat":     argument(0),
		"strings.ReplaceAll": replace,
		"strings.Replace":    replace,

		"strings.NewReplacer": pairs, "(strings.Replacer).Replace": replacePairs,

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
		"(strings.Builder).Grow": nothing, "(bytes.Buffer).Grow": nothing, "(strings.Builder).Len": nothing, "(bytes.Buffer).Len": nothing,

		"(embed.FS).ReadFile": readEmbedded, "io/fs.ReadFile": readEmbedded,

		"slices.Concat": concatLists, "slices.Clone": argument(0), "maps.Clone": argument(0),

		"os.Exit":     stop,
		"log.Fatal":   stop,
		"log.Fatalf":  stop,
		"log.Fatalln": stop,
	}
	maps.Copy(textFuncs, templateFuncs)
}

// libraryTexts has the functions of the catalogue's libraries.
var libraryTexts = sync.OnceValue(func() map[dbapi.Name]textFunc {
	funcs := map[dbapi.Name]textFunc{}
	for name, text := range dbapi.Texts() {
		funcs[name] = madeBy(text)
	}
	return funcs
})

// textFuncNamed returns what the function of a name makes of text; nil if that is not known.
func textFuncNamed(name dbapi.Name) textFunc {
	if known := textFuncs[name]; known != nil {
		return known
	}
	return libraryTexts()[name]
}

// madeBy returns what a library's function makes of text.
func madeBy(text dbapi.Text) textFunc {
	switch text.Is {
	case dbapi.Identifier:
		return quoted
	case dbapi.Literal:
		return quotedLiteral
	case dbapi.QualifiedName:
		return sanitize
	}
	return argument(text.Arg)
}

func argument(i int) textFunc {
	return func(_ *frame, _ *ast.CallExpr, _ value.Value, args []value.Value) []value.Value {
		if i < len(args) {
			return []value.Value{args[i]}
		}
		return nil
	}
}

func receiver(_ *frame, _ *ast.CallExpr, recv value.Value, _ []value.Value) []value.Value {
	return []value.Value{recv}
}

func nothing(*frame, *ast.CallExpr, value.Value, []value.Value) []value.Value { return nil }

func stop(f *frame, _ *ast.CallExpr, _ value.Value, _ []value.Value) []value.Value {
	f.env.dead = true
	return nil
}

func number(f *frame, call *ast.CallExpr, _ value.Value, args []value.Value) []value.Value {
	if len(args) > 0 && isKnown(args[0]) {
		return args[:1]
	}
	return hole(call, NumberHole)
}

func isKnown(v value.Value) bool {
	_, ok := v.(*value.Text)
	return ok
}

// hole is text of the kind that a call makes.
func hole(call *ast.CallExpr, k HoleKind) []value.Value {
	return []value.Value{value.Unknown(call, nil).Of(k)}
}

// quotedLiteral is a value in quotes.
func quotedLiteral(f *frame, call *ast.CallExpr, _ value.Value, _ []value.Value) []value.Value {
	return hole(call, ListHole)
}

// quoted is an identifier in quotes.
func quoted(f *frame, call *ast.CallExpr, _ value.Value, args []value.Value) []value.Value {
	if len(args) != 1 {
		return nil
	}
	return []value.Value{value.Identifier(args[0], call.Pos())}
}

// sanitize is a qualified name: pgx.Identifier{"schema", "table"}.Sanitize().
func sanitize(f *frame, call *ast.CallExpr, recv value.Value, _ []value.Value) []value.Value {
	l, ok := recv.(*value.List)
	if !ok {
		return hole(call, NameHole)
	}
	names := make([]value.Value, len(l.Elems))
	for i, e := range l.Elems {
		names[i] = value.Identifier(e, call.Pos())
	}
	return []value.Value{value.Joined(value.Elements(names...), ".", call.Pos())}
}

func joinTexts(f *frame, call *ast.CallExpr, _ value.Value, args []value.Value) []value.Value {
	if len(args) != 2 {
		return nil
	}
	sep, ok := value.Plain(args[1])
	if !ok {
		return []value.Value{&value.Join{Origin: value.Origin{Pos: call.Pos()}, List: args[0], By: args[1]}}
	}
	if value.IsHole(args[0]) && strings.TrimSpace(sep) == "," {
		return hole(call, ListHole)
	}
	return []value.Value{value.Joined(args[0], sep, call.Pos())}
}

func concatLists(_ *frame, _ *ast.CallExpr, _ value.Value, args []value.Value) []value.Value {
	var all value.Value = value.Elements()
	for _, a := range args {
		all = value.Spread(all, a)
	}
	return []value.Value{all}
}

func sprint(_ *frame, _ *ast.CallExpr, _ value.Value, args []value.Value) []value.Value {
	return []value.Value{value.Concat(args...)}
}

func trimSuffix(_ *frame, _ *ast.CallExpr, _ value.Value, args []value.Value) []value.Value {
	if len(args) != 2 {
		return nil
	}
	suffix, ok := value.Plain(args[1])
	if !ok || suffix == "" {
		return args[:1]
	}
	return []value.Value{value.TrimSuffix(args[0], suffix)}
}

// replace puts new text where the known parts have the old.
func replace(_ *frame, call *ast.CallExpr, _ value.Value, args []value.Value) []value.Value {
	if len(args) < 3 {
		return nil
	}
	old, ok := value.Plain(args[1])
	if !ok || old == "" {
		return nil
	}
	return []value.Value{value.Replace(args[0], old, args[2])}
}

// pairs is what a strings.Replacer is made of.
func pairs(_ *frame, call *ast.CallExpr, _ value.Value, args []value.Value) []value.Value {
	if call.Ellipsis.IsValid() {
		return nil
	}
	return []value.Value{value.Elements(args...)}
}

func replacePairs(_ *frame, _ *ast.CallExpr, recv value.Value, args []value.Value) []value.Value {
	l, ok := recv.(*value.List)
	if !ok || len(args) != 1 {
		return nil
	}
	v := args[0]
	for i := 0; i+1 < len(l.Elems); i += 2 {
		old, ok := value.Plain(l.Elems[i])
		if !ok || old == "" {
			return nil
		}
		v = value.Replace(v, old, l.Elems[i+1])
	}
	return []value.Value{v}
}

// readEmbedded is a file that the package embeds, by its name.
func readEmbedded(f *frame, call *ast.CallExpr, _ value.Value, args []value.Value) []value.Value {
	if len(args) == 0 {
		return nil
	}
	from := call.Args[0] // of io/fs
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && len(args) == 1 {
		from = sel.X
	}
	name, ok := value.Plain(args[len(args)-1])
	v, isVar := f.packageLevel(from).(*types.Var)
	if !ok || !isVar || v.Pkg() != f.pass.Pkg || dbapi.TypeName(v.Type()) != "embed.FS" {
		return nil
	}
	return []value.Value{f.embeddedFile(v, name)}
}

// split cuts a known text into a list.
func split(_ *frame, _ *ast.CallExpr, _ value.Value, args []value.Value) []value.Value {
	if len(args) != 2 {
		return nil
	}
	text, ok := args[0].(*value.Text)
	sep, known := value.Plain(args[1])
	if !ok || !known || sep == "" {
		return nil
	}
	list, at := value.Elements(), 0
	for part := range strings.SplitSeq(text.S, sep) {
		list.Elems = append(list.Elems, text.Slice(at, at+len(part)))
		at += len(part) + len(sep)
	}
	return []value.Value{list}
}

// write appends to a strings.Builder or bytes.Buffer.
func write(f *frame, call *ast.CallExpr, recv value.Value, args []value.Value) []value.Value {
	if len(args) == 1 {
		f.appendTo(call.Fun.(*ast.SelectorExpr).X, recv, args[0])
	}
	return nil
}

func writeChar(f *frame, call *ast.CallExpr, recv value.Value, args []value.Value) []value.Value {
	v := value.Value(value.Unknown(call, nil))
	if tv := f.info.Types[call.Args[0]]; tv.Value != nil {
		if n, ok := constant.Int64Val(constant.ToInt(tv.Value)); ok {
			v = value.Static(string(rune(n)), call.Args[0].Pos())
		}
	}
	f.appendTo(call.Fun.(*ast.SelectorExpr).X, recv, v)
	return nil
}

func reset(f *frame, call *ast.CallExpr, _ value.Value, _ []value.Value) []value.Value {
	f.store(call.Fun.(*ast.SelectorExpr).X, value.Empty)
	return nil
}

func fprintf(f *frame, call *ast.CallExpr, _ value.Value, args []value.Value) []value.Value {
	if len(args) > 1 {
		rest := *call
		rest.Args = call.Args[1:]
		f.appendTo(call.Args[0], args[0], f.format(&rest, args[1:])[0])
	}
	return nil
}

func fprint(f *frame, call *ast.CallExpr, _ value.Value, args []value.Value) []value.Value {
	if len(args) > 1 {
		f.appendTo(call.Args[0], args[0], value.Concat(args[1:]...))
	}
	return nil
}

// appendTo adds to the text that a local variable holds.
func (f *frame) appendTo(target ast.Expr, old, more value.Value) {
	if u, ok := ast.Unparen(target).(*ast.UnaryExpr); ok && u.Op == token.AND {
		target = u.X
	}
	if old != nil && f.local(target) != nil {
		f.store(target, value.Concat(old, more))
	}
}

// format is fmt.Sprintf: args[0] is the format, known in part or whole.
func (f *frame) format(call *ast.CallExpr, args []value.Value) []value.Value {
	if len(args) == 0 {
		return nil
	}
	operands := args[1:]
	if call.Ellipsis.IsValid() && len(operands) == 1 && isList(operands[0]) {
		operands = operands[0].(*value.List).Elems
	}
	return []value.Value{value.Formatted(args[0], operands, call.Pos())}
}
