package finding

import "testing"

// The configured severity takes the place of those that fail the run; info stays info.
func TestInstead(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ configured, own, want Severity }{
		{"", Warning, Warning},
		{"", Info, Info},
		{Error, Warning, Error},
		{Warning, Error, Warning},
		{Info, Error, Info},
		{Error, Info, Info},
	} {
		if got := test.configured.Instead(test.own); got != test.want {
			t.Errorf("%q in place of %q is %q, want %q", test.configured, test.own, got, test.want)
		}
	}
}
