package ruletest

import (
	"fmt"
	"go/token"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/finding"
)

// factKey begins the keys of findings that stand for facts.
const factKey = "fact "

// Facts makes a rule of a fact analyzer: its findings are the facts about the objects
// of a package, at their declarations and under their names, and those about the
// package, at its name. The text is what describe makes of the fact of an object, nil
// for a package's, and as fmt prints it if describe is nil; where it is empty, the
// fact need not be wanted.
//
// If tell is not nil, it tells what else there is to know of the analyzer's
// result, each under a name of its own.
func Facts(a *analysis.Analyzer, describe func(types.Object, analysis.Fact) string, tell func(pass *analysis.Pass, result any, say Say)) finding.Rule {
	if describe == nil {
		describe = func(_ types.Object, fact analysis.Fact) string { return fmt.Sprint(fact) }
	}
	return finding.Rule{Analyzer: &analysis.Analyzer{
		Name:             a.Name + "facts",
		Doc:              "tell the facts of " + a.Name,
		RunDespiteErrors: a.RunDespiteErrors,
		Requires:         []*analysis.Analyzer{a},
		FactTypes:        a.FactTypes,
		ResultType:       reflect.TypeFor[*finding.Result](),
		Run: func(pass *analysis.Pass) (any, error) {
			result := new(finding.Result)
			say := func(pos token.Pos, name, text string) {
				if text == "" {
					return
				}
				result.Findings = append(result.Findings, finding.Finding{
					Diagnostic: analysis.Diagnostic{Pos: pos, Message: text}, Key: factKey + name,
				})
			}
			for _, f := range pass.AllObjectFacts() {
				if f.Object.Pkg() == pass.Pkg {
					say(f.Object.Pos(), f.Object.Name(), describe(f.Object, f.Fact))
				}
			}
			for _, f := range pass.AllPackageFacts() {
				if f.Package == pass.Pkg && len(pass.Files) > 0 {
					say(pass.Files[0].Name.Pos(), "package", describe(nil, f.Fact))
				}
			}
			if tell != nil {
				tell(pass, pass.ResultOf[a], say)
			}
			return result, nil
		},
	}}
}

// Say tells something of a place under a name, which an expectation begins with.
type Say func(pos token.Pos, name, text string)
