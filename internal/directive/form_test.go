package directive

import (
	"slices"
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	t.Parallel()
	const right = "poollint:ignore newpool -- why"
	for text, want := range map[string]string{
		// right
		"poollint:ignore newpool -- why":                 right,
		"poollint:ignore\tnewpool,  missingcleanup--why": "poollint:ignore newpool,missingcleanup -- why",
		"poollint:ignore newpool -- why -- so: or - so":  "poollint:ignore newpool -- why -- so: or - so",
		"poollint:ignore newpool":                        "poollint:ignore newpool -- reason",
		"poollint:ignore newpool --":                     "poollint:ignore newpool -- reason",
		"poollint:ignore":                                "poollint:ignore RULE -- reason",
		"poollint:ignore -- why":                         "poollint:ignore RULE -- why",
		"poollint:ignore new-pool -- why":                "poollint:ignore new-pool -- why",
		// meant
		" poollint:ignore newpool -- why":                    "!" + right,
		" poollint:ignore newpool":                           "!poollint:ignore newpool -- reason",
		" poollint:ignore -- why":                            "!poollint:ignore RULE -- why",
		" poollint:ignore newpol -- why":                     "!poollint:ignore newpol -- why",
		"poollint: ignore newpool -- why":                    "!" + right,
		"poollint :ignore newpool -- why":                    "!" + right,
		"poollint ignore newpool -- why":                     "!" + right,
		"poollint:disable newpool -- why":                    "!" + right,
		"poollint:nolint:newpool // why":                     "!" + right,
		"poollint:nolint":                                    "!poollint:ignore RULE -- reason",
		"PoolLint:Ignore newpool -- why":                     "!" + right,
		"poollint:ignore NewPool -- why":                     "!" + right,
		"poollint:ignore=newpool -- why":                     "!" + right,
		"poollint:ignore: newpool -- why":                    "!" + right,
		"poollint:ignore newpool - why":                      "!" + right,
		"poollint:ignore newpool — why":                      "!" + right,
		"poollint:ignore newpool – why":                      "!" + right,
		"poollint:ignore newpool—why":                        "!" + right,
		"poollint:ignore newpool --- why":                    "!" + right,
		"poollint:ignore newpool: why":                       "!" + right,
		"poollint:ignore newpool // why":                     "!" + right,
		"poollint:ignore newpool the test is about: opening": "!poollint:ignore newpool -- the test is about: opening",
		"poollint:ignore newpool missingcleanup -- why":      "!poollint:ignore newpool,missingcleanup -- why",
		"poollint:ignore newpool, poollimit missingcleanup":  "!poollint:ignore newpool,poollimit,missingcleanup -- reason",
		"poollint:ignore because of -- that":                 "!poollint:ignore RULE -- because of -- that",
		// prose, and examples
		"poollint:ignored newpool -- why":                 "",
		"poollint ignores newpool -- why":                 "",
		" poollint:ignore is no directive with a space.":  "",
		" poollint:ignore newpool silences the rule.":     "",
		" poollint:ignore comments: how they work":        "",
		" poollint:ignore directives: how they work":      "",
		" poollint: ignore this -- it works":              "",
		" poollint:ignore directive":                      "",
		" poollint ignore comments":                       "",
		" poollint: skip the rest":                        "",
		"     poollint:ignore newpool -- why":             "",
		"\tpoollint:ignore newpool -- why":                "",
		" //poollint:ignore newpool -- why":               "",
		" a poollint:ignore newpool -- why":               "",
		" poollint is a linter; poollint:ignore silences": "",
		"nolint:poollint":                                 "",
		"":                                                "",
	} {
		f, ok := Read(text)
		got := ""
		if ok {
			if !f.Right {
				got = "!"
			}
			got += f.String()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		if ok && f.Whole() {
			if again, ok := Read(f.String()); !ok || !again.Right || again.Reason != f.Reason || !slices.Equal(again.Rules, f.Rules) {
				t.Errorf("%q: the right form is read as %+v", text, again)
			}
		}
		if whole := ok && !strings.Contains(got, "RULE") && !strings.HasSuffix(got, "-- reason") && !strings.Contains(got, "newpol ") && !strings.Contains(got, "new-pool"); ok && f.Whole() != whole {
			t.Errorf("%q: whole is %v", text, f.Whole())
		}
	}
}
