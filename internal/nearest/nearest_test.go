package nearest

import "testing"

func TestOf(t *testing.T) {
	t.Parallel()
	names := []string{"newpool", "missingcleanup", "tenantfilter", "max_conns"}
	for word, want := range map[string]string{
		"newpol":         "newpool",
		"NewPool":        "newpool",
		"maxConns":       "max_conns",
		"tenant_filter":  "tenantfilter",
		"missingclaenup": "missingcleanup",
		"staticcheck":    "",
		"":               "",
	} {
		if got := Of(word, names); got != want {
			t.Errorf("Of(%q) = %q, want %q", word, got, want)
		}
	}
}
