package main

import (
	"context"
	"os"
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/cache"
	"github.com/poollint/poollint/internal/command"
	"github.com/poollint/poollint/internal/driver"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/interrupt"
)

// stuck is a run that never leaves the phase that its argument names, and makes a
// file once it is there: a program for the scripts.
func stuck() {
	phase := os.Args[1]
	at := func(name string) {
		if name == phase {
			os.WriteFile("started", []byte(name), 0o666)
			select {}
		}
	}
	stuckKeeping = func() { at("keep") }
	rule := finding.Rule{
		Analyzer: &analysis.Analyzer{
			Name: "stuck",
			Run: func(pass *analysis.Pass) (any, error) {
				at("analyse")
				pass.ExportPackageFact(new(stuckFact))
				return new(finding.Result), nil
			},
			ResultType: reflect.TypeFor[*finding.Result](),
			FactTypes:  []analysis.Fact{new(stuckFact)},
		},
		Everywhere: true,
		Finish: func(found []finding.Located, _ []finding.Evidence) []finding.Located {
			at("finish")
			return found
		},
	}
	status, _ := interrupt.Run(func(ctx context.Context) int {
		store, err := cache.Open(os.Getenv("POOLLINT_CACHE"))
		if err == nil {
			_, err = driver.Run(ctx, driver.Options{Patterns: []string{"./..."}, Rules: []finding.Rule{rule}, Cache: store, Tool: "stuck"})
		}
		if err != nil {
			return command.Fail(os.Stderr, "poollint", err)
		}
		return command.Clean
	})
	os.Exit(status)
}

// stuckFact is a fact that takes part in keeping a package.
type stuckFact struct{}

var stuckKeeping func()

func (*stuckFact) AFact() {}

func (*stuckFact) GobEncode() ([]byte, error) {
	stuckKeeping()
	return []byte("fact"), nil
}

func (*stuckFact) GobDecode([]byte) error { return nil }
