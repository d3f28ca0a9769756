package printable

import "testing"

func TestLine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a/ü b_test.go:1:2: opens": "a/ü b_test.go:1:2: opens",
		"a\x1b[31m\x07.go":         "a\ufffd[31m\ufffd.go",
		"a\n::error::b\tc\r":       "a ::error::b c\ufffd",
		"a\u202eog.b\u2066\u2028":  "a\ufffdog.b\ufffd\ufffd",
		"a\u009b31m\x7f":           "a\ufffd31m\ufffd",
		"a\xffb":                   "a\ufffdb",
	} {
		if got := Line(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
