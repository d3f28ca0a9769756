package testscope

import (
	"testing"

	"golang.org/x/tools/go/analysis"
)

func TestNamedForTests(t *testing.T) {
	t.Parallel()
	module := &analysis.Module{Path: "example.test/shop"}
	for _, tt := range []struct {
		pkg, file, function string
		want                bool
	}{
		{"example.test/shop/store", "store.go", "NewForTest", true},
		{"example.test/shop/store", "store.go", "NewTestDB", true},
		{"example.test/shop/store", "store.go", "TestConnection", false},
		{"example.test/shop/store", "store.go", "Latest", false},
		{"example.test/shop/store", "test_helpers.go", "Open", true},
		{"example.test/shop/store", "/home/me/tests/shop/store.go", "Open", false},
		{"example.test/shop/dbtest", "db.go", "Open", true},
		{"example.test/shop/internal/testutil", "db.go", "Open", true},
		{"example.test/shop/latest", "db.go", "Open", false},
		{"example.test/shop/store", "fastest.go", "Open", false},
	} {
		if got := NamedForTests(module, tt.pkg, tt.file, tt.function); got != tt.want {
			t.Errorf("NamedForTests(%q, %q, %q) = %v", tt.pkg, tt.file, tt.function, got)
		}
	}
	if NamedForTests(nil, "example.test/shop/store", "store.go", "Open") {
		t.Error("the host counts")
	}
}
