package fix

import (
	"bytes"
	"errors"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	pathpkg "path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/aymanbagabas/go-udiff/lcs"

	"github.com/poollint/poollint/internal/finding"
)

var (
	errBounds = errors.New("an edit is out of bounds")

	byteOrderMark = []byte("\ufeff")
	newline       = []byte("\n")
)

// edit applies the edits, which are sorted by position. In Go source it then removes the
// imports that are no longer used, and formats the lines that changed.
func (f *file) edit(list []finding.Edit) error {
	after, err := splice(f.before, list)
	if err != nil {
		return err
	}
	if filepath.Ext(f.name) == ".go" {
		unused, err := unusedImports(f.before, after)
		if err != nil {
			return err
		}
		if after, err = splice(after, unused); err != nil {
			return err
		}
		if after, err = formatted(f.before, after); err != nil {
			return err
		}
	}
	f.after = after
	return nil
}

// splice applies the edits, with the line endings of the text around them.
func splice(before []byte, list []finding.Edit) ([]byte, error) {
	var after []byte
	at := 0
	for _, edit := range list {
		if edit.Start < at || edit.End < edit.Start || edit.End > len(before) {
			return nil, errBounds
		}
		text := edit.New
		if rest, _, _ := bytes.Cut(before[edit.Start:], newline); bytes.HasSuffix(rest, []byte("\r")) {
			text = strings.ReplaceAll(text, "\n", "\r\n")
		}
		after = append(append(after, before[at:edit.Start]...), text...)
		at = edit.End
	}
	return append(after, before[at:]...), nil
}

// formatted returns after with the changed lines formatted as by gofmt; with all lines, if
// the file was formatted before. Other lines stay byte for byte.
func formatted(before, after []byte) ([]byte, error) {
	mark, source := cutMark(after)
	want, err := format.Source(source)
	if err != nil {
		return nil, err
	}
	out := settle(linesOf(source), linesOf(want), newLines(before, after), isFormatted(before))
	if again, err := format.Source(out); err != nil || !bytes.Equal(again, want) {
		return after, nil // gofmt cannot be applied to these lines alone
	}
	return append(mark, out...), nil
}

// settle returns the lines of is, with those that changed, or all, replaced by those of
// want, which gofmt made of them.
func settle(is, want [][]byte, made []lines, all bool) (out []byte) {
	last := lcs.Diff{Start: len(is), End: len(is), ReplStart: len(want), ReplEnd: len(want)}
	i, j := 0, 0
	for _, d := range append(lcs.DiffLines(words(is), words(want)), last) {
		for ; i < d.Start; i, j = i+1, j+1 { // lines that differ in spaces at most
			if all || touches(made, lines{i, i + 1}) {
				out = append(out, withEnd(want[j], lineEnd(is[i]))...)
			} else {
				out = append(out, is[i]...)
			}
		}
		if all || touches(made, lines{d.Start - 1, d.End + 1}) { // empty lines beside it are formatted too
			for _, line := range want[d.ReplStart:d.ReplEnd] {
				out = append(out, withEnd(line, lineEnd(is[0]))...)
			}
		} else {
			out = append(out, bytes.Join(is[d.Start:d.End], nil)...)
		}
		i, j = d.End, d.ReplEnd
	}
	return out
}

// lines is a range of lines, from 0: [from, to).
type lines struct{ from, to int }

// newLines returns the ranges of lines of after that are not in before. Where lines were
// only removed, the range is empty.
func newLines(before, after []byte) (made []lines) {
	for _, d := range lcs.DiffLines(texts(linesOf(before)), texts(linesOf(after))) {
		made = append(made, lines{d.ReplStart, d.ReplEnd})
	}
	return made
}

func linesOf(source []byte) [][]byte { return slices.Collect(bytes.Lines(source)) }

func texts(lines [][]byte) []string {
	all := make([]string, len(lines))
	for i, line := range lines {
		all[i] = string(line)
	}
	return all
}

func cutMark(source []byte) (mark, rest []byte) {
	if bytes.HasPrefix(source, byteOrderMark) {
		return slices.Clone(byteOrderMark), source[len(byteOrderMark):]
	}
	return nil, source
}

// isFormatted reports whether gofmt would not change the source, apart from line endings
// and a byte order mark.
func isFormatted(source []byte) bool {
	_, source = cutMark(source)
	source = bytes.ReplaceAll(source, []byte("\r\n"), newline)
	want, err := format.Source(source)
	return err == nil && bytes.Equal(bytes.TrimSuffix(source, newline), bytes.TrimSuffix(want, newline))
}

// words returns the lines without spaces, which gofmt does not change.
func words(lines [][]byte) []string {
	bare := make([]string, len(lines))
	for i, line := range lines {
		bare[i] = string(bytes.Join(bytes.FieldsFunc(line, unicode.IsSpace), nil))
	}
	return bare
}

// touches reports whether one of the ranges overlaps the other or, if it is empty, lies
// within it.
func touches(made []lines, other lines) bool {
	return slices.ContainsFunc(made, func(l lines) bool {
		return l.from < other.to && other.from < l.to || l.from == l.to && other.from < l.from && l.from < other.to
	})
}

func lineEnd(line []byte) string {
	return string(line[len(bytes.TrimRight(line, "\r\n")):])
}

func withEnd(line []byte, end string) []byte {
	return append(slices.Clip(bytes.TrimRight(line, "\r\n")), end...)
}

// unusedImports returns edits of after that remove the imports that before used and after
// does not.
func unusedImports(before, after []byte) ([]finding.Edit, error) {
	fset := token.NewFileSet()
	old, err := parser.ParseFile(fset, "", before, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	file, err := parser.ParseFile(fset, "", after, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	was, is := qualifiers(old), qualifiers(file)
	var edits []finding.Edit
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.IMPORT {
			continue
		}
		var unused []ast.Node
		for _, spec := range gen.Specs {
			if name := nameOf(spec.(*ast.ImportSpec)); was[name] && !is[name] {
				unused = append(unused, spec)
			}
		}
		if len(unused) > 0 && len(unused) == len(gen.Specs) {
			unused = []ast.Node{gen}
		}
		for _, n := range unused {
			edits = append(edits, drop(after, int(n.Pos()-file.FileStart), int(n.End()-file.FileStart)))
		}
	}
	return edits, nil
}

// drop returns the edit that removes [start, end) of the source, with the whole line if
// nothing else is on it.
func drop(source []byte, start, end int) finding.Edit {
	const space = " \t\r"
	lineStart := len(bytes.TrimRight(source[:start], space))
	rest, _, more := bytes.Cut(source[end:], newline)
	switch behind := bytes.Trim(rest, space); {
	case bytes.HasPrefix(behind, []byte(";")):
		end += bytes.IndexByte(rest, ';') + 1
	case (lineStart == 0 || source[lineStart-1] == '\n') && (len(behind) == 0 || bytes.HasPrefix(behind, []byte("//"))):
		start, end = lineStart, end+len(rest)
		if more {
			end++
		}
	}
	return finding.Edit{Start: start, End: end}
}

// qualifiers returns the names X of all selectors X.Name.
func qualifiers(file *ast.File) map[string]bool {
	names := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if selector, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := selector.X.(*ast.Ident); ok {
				names[x.Name] = true
			}
		}
		return true
	})
	return names
}

var (
	majorVersion = regexp.MustCompile(`/v[0-9]+$`)
	packageName  = regexp.MustCompile(`^(?:go-)?(\w+)`)
)

// nameOf returns the name of an import; if the source does not give one, a guess from the
// path.
func nameOf(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	path, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return ""
	}
	base := pathpkg.Base(majorVersion.ReplaceAllString(path, ""))
	if m := packageName.FindStringSubmatch(base); m != nil {
		return m[1]
	}
	return base
}
