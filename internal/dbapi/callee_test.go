package dbapi

import (
	"go/token"
	"go/types"
	"testing"
)

func TestAliasesAreTheirFunctions(t *testing.T) {
	t.Parallel()
	const path = "github.com/onsi/ginkgo/v2"
	pkg := types.NewPackage(path, "ginkgo")
	sig := types.NewSignatureType(nil, nil, nil, nil, nil, false)
	for alias, name := range aliases[path] {
		fn := types.NewFunc(token.NoPos, pkg, name, sig)
		pkg.Scope().Insert(fn)
		if got := funcNamed(types.NewVar(token.NoPos, pkg, alias, sig)); got == nil || got.Name() != name {
			t.Errorf("%s is %v, want %s", alias, got, name)
		}
	}
	if got := funcNamed(types.NewVar(token.NoPos, pkg, "suite", sig)); got != nil {
		t.Errorf("a variable that is no alias is %v", got)
	}
	if got := funcNamed(types.NewVar(token.NoPos, types.NewPackage("example.com/shop", "shop"), "Context", sig)); got != nil {
		t.Errorf("a variable of another package is %v", got)
	}
	if got := funcNamed(nil); got != nil {
		t.Errorf("nothing is %v", got)
	}
}
