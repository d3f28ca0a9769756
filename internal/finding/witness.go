package finding

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"slices"
	"sort"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// A Witness is a place elsewhere that a finding rests on too: a test that reaches a helper, a
// call that the finding answers for.
type Witness struct {
	In  string // the function that it stands in, as Located.In
	Pos token.Position
}

// maxShown is how many witnesses of a finding are shown beside it.
const maxShown = 10

// Shown returns the witnesses that are shown beside a finding, the first of each function, with
// words for its place.
func (f Located) Shown() iter.Seq2[Witness, string] {
	return func(yield func(Witness, string) bool) {
		seen := map[[2]string]bool{}
		for _, w := range f.Witnesses {
			of, words := [2]string{w.Pos.Filename, w.In}, "also here"
			if w.In != "" {
				words = "also in " + w.In
			}
			if !w.Pos.IsValid() || w.In != "" && seen[of] {
				continue
			}
			if seen[of] = true; len(seen) > maxShown || !yield(w, words) {
				return
			}
		}
	}
}

func (w Witness) compare(other Witness) int {
	return cmp.Or(strings.Compare(w.Pos.Filename, other.Pos.Filename), cmp.Compare(w.Pos.Line, other.Pos.Line),
		cmp.Compare(w.Pos.Column, other.Pos.Column), strings.Compare(w.In, other.In))
}

// SortWitnesses sorts the witnesses by position and drops repetitions.
func SortWitnesses(all []Witness) []Witness {
	slices.SortFunc(all, Witness.compare)
	return slices.Compact(all)
}

// Attesting is the data of evidence that stands where findings of its key have a witness.
type Attesting interface{ Attests() bool }

// Attest gives findings the places of the evidence of their key that attests to them.
func Attest(findings []Located, evidence []Evidence) {
	witnesses := map[string][]Witness{}
	for _, e := range evidence {
		if a, ok := e.Data.(Attesting); ok && e.Key != "" && a.Attests() {
			witnesses[e.Key] = append(witnesses[e.Key], e.Witness())
		}
	}
	for i, f := range findings {
		findings[i].Witnesses = slices.Concat(f.Witnesses, witnesses[f.Key])
	}
}

// Witness returns the place of the evidence.
func (e Evidence) Witness() Witness { return Witness{e.In, e.Pos} }

// answerFor makes the place of another finding, and all that it rests on, witnesses of f.
func (f *Located) answerFor(other Located) {
	f.Witnesses = append(append(f.Witnesses, other.Witnesses...), Witness{other.In, other.Pos})
}

// Witness returns the place at pos.
func (r *Reporter) Witness(pos token.Pos) Witness {
	return Witness{r.files.around(pos), r.pass.Fset.PositionFor(pos, false)}
}

// files are the files of a package in the order of their positions.
type files []*ast.File

func filesOf(pass *analysis.Pass) files {
	return slices.SortedFunc(slices.Values(pass.Files), func(a, b *ast.File) int { return cmp.Compare(a.FileStart, b.FileStart) })
}

// around names the declared function around pos, a method with its type: "Suite.SetupTest".
// Outside of functions it is empty.
func (all files) around(pos token.Pos) string {
	i := sort.Search(len(all), func(i int) bool { return all[i].FileEnd > pos })
	if i == len(all) || pos < all[i].FileStart {
		return ""
	}
	decls := all[i].Decls
	i = sort.Search(len(decls), func(i int) bool { return decls[i].End() > pos })
	if i == len(decls) {
		return ""
	}
	fn, ok := decls[i].(*ast.FuncDecl)
	switch {
	case !ok || pos < fn.Pos():
		return ""
	case fn.Recv == nil || len(fn.Recv.List) == 0:
		return fn.Name.Name
	}
	recv, _, _ := strings.Cut(strings.TrimPrefix(types.ExprString(fn.Recv.List[0].Type), "*"), "[")
	return recv + "." + fn.Name.Name
}
