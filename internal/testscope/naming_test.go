package testscope

import "testing"

func TestNamedForTests(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pkg, file, function string
		want                bool
	}{
		{"example.com/shop/store", "store.go", "NewForTest", true},
		{"example.com/shop/store", "store.go", "NewTestDB", true},
		{"example.com/shop/store", "store.go", "TestConnection", false},
		{"example.com/shop/store", "store.go", "Latest", false},
		{"example.com/shop/store", "test_helpers.go", "Open", true},
		{"example.com/shop/store", "/home/me/tests/shop/store.go", "Open", false},
		{"example.com/shop/dbtest", "db.go", "Open", true},
		{"example.com/shop/internal/testutil", "db.go", "Open", true},
		{"example.com/shop/latest", "db.go", "Open", false},
		{"example.com/shop/store", "fastest.go", "Open", false},
	} {
		if got := NamedForTests(tt.pkg, tt.file, tt.function); got != tt.want {
			t.Errorf("NamedForTests(%q, %q, %q) = %v", tt.pkg, tt.file, tt.function, got)
		}
	}
}
