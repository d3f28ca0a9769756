package testlib

import "testing"

func TestPaths(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]struct{ forTests, asserts, mayAssert, looks, ends bool }{
		"testing":                            {forTests: true, asserts: true, mayAssert: true, looks: true},
		"testing/quick":                      {forTests: true, asserts: true, mayAssert: true, looks: true},
		"github.com/stretchr/testify/assert": {forTests: true, asserts: true, mayAssert: true, looks: true},
		"github.com/stretchr/testify/require": {
			forTests: true, asserts: true, mayAssert: true, looks: true, ends: true,
		},
		"github.com/onsi/ginkgo/v2":      {forTests: true},
		"github.com/onsi/gomega/gstruct": {forTests: true, asserts: true, mayAssert: true, looks: true},
		"gotest.tools/v3/assert":         {forTests: true, asserts: true, mayAssert: true, looks: true},
		"github.com/google/go-cmp/cmp":   {asserts: true, mayAssert: true, looks: true},
		"go.uber.org/mock/gomock":        {asserts: true, mayAssert: true, looks: true},
		"example.com/internal/dbassert":  {asserts: true, mayAssert: true, looks: true},
		"example.com/internal/test":      {mayAssert: true},
		"example.com/internal/testing":   {},
		"strings":                        {looks: true},
		"log/slog":                       {},
		"github.com/matryer/island":      {},
		"":                               {},
	} {
		if ForTests(path) != want.forTests || Asserts(path) != want.asserts || MayAssert(path) != want.mayAssert || Looks(path) != want.looks || Ends(path) != want.ends {
			t.Errorf("%q is not known as %+v", path, want)
		}
	}
}
