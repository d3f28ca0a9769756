package finding

import (
	"reflect"
	"slices"
	"testing"
)

func TestGather(t *testing.T) {
	t.Parallel()
	findings := []Located{
		{Candidate: true, Key: "helper", Message: "in the helper", Severity: Info},
		{Candidate: true, Key: "unused", Message: "in a helper that nothing reaches", Severity: Info},
		{Candidate: true, Key: "silenced", Message: "in a silenced helper", Severity: Info, Suppressed: "slow"},
		{Key: "a", Helper: "helper", Message: "in a test", In: "TestA", Severity: Warning, Witnesses: []Witness{{In: "TestB"}}},
		{Key: "b", Helper: "helper", Message: "in another test", Severity: Warning},
		{Key: "c", Helper: "silenced", Message: "of the silenced helper", Severity: Warning},
		{Key: "d", Message: "of no helper", Severity: Warning},
		{Key: "e", Helper: "elsewhere", Message: "of a helper that is not analysed", Severity: Warning},
		{Key: "f", Helper: "helper", Message: "in a silenced test", Severity: Warning, Suppressed: "slow"},
	}
	got, gathered := Gather(findings)
	want := []Located{
		{Candidate: true, Key: "helper", Message: "in the helper", Severity: Warning, Witnesses: []Witness{{In: "TestB"}, {In: "TestA"}, {}}},
		{Candidate: true, Key: "silenced", Message: "in a silenced helper", Severity: Warning, Suppressed: "slow", Witnesses: []Witness{{}}},
		{Key: "d", Message: "of no helper", Severity: Warning},
		{Key: "e", Helper: "elsewhere", Message: "of a helper that is not analysed", Severity: Warning},
		{Key: "f", Helper: "helper", Message: "in a silenced test", Severity: Warning, Suppressed: "slow"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("findings\n%+v\nwant\n%+v", got, want)
	}
	keys := map[string][]string{"helper": {"a", "b"}, "silenced": {"c"}}
	if !reflect.DeepEqual(gathered, keys) {
		t.Errorf("gathered %v, want %v", gathered, keys)
	}
}

func TestJoinWeighs(t *testing.T) {
	t.Parallel()
	findings := []Located{
		{Key: "a", Cause: "x", Package: "p", Severity: Warning, Data: Text("1")},
		{Key: "b", Cause: "x", Package: "q", Severity: Warning, Data: Text("60")},
		{Key: "c", Cause: "x", Package: "r", Severity: Warning, Data: Text("60")},
		{Key: "d", Cause: "x", Package: "s", Severity: Info, Data: Text("1000")},
	}
	got := Join(findings, func(d Data) int { return len(d.(Text)) })
	if len(got) != 1 || len(got[1]) != 2 {
		t.Errorf("joined %+v", got)
	}
	for i, want := range []Severity{Info, Warning, Info, Info} {
		if findings[i].Severity != want {
			t.Errorf("%s has severity %v, want %v", findings[i].Key, findings[i].Severity, want)
		}
	}
}

func TestJoin(t *testing.T) {
	t.Parallel()
	findings := []Located{
		{Key: "a", Severity: Warning},
		{Key: "b", Cause: "silenced", Severity: Warning, Suppressed: "slow"},
		{Key: "c", Cause: "x", Severity: Info},
		{Key: "d", Cause: "x", Package: "p", Severity: Warning},
		{Key: "e", Cause: "y", Severity: Warning},
		{Key: "f", Cause: "x", Package: "q", In: "TestF", Severity: Warning},
		{Key: "g", Cause: "silenced", Severity: Warning},
		{Key: "h", Severity: Warning},
		{Key: "i", Cause: "x", Package: "p_test", Severity: Warning},
	}
	got := Join(findings, nil)
	want := map[int][]Located{3: {{Key: "f", Cause: "x", Package: "q", In: "TestF", Severity: Warning}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("joined %+v, want %+v", got, want)
	}
	if w := findings[3].Witnesses; !slices.Equal(w, []Witness{{In: "TestF"}}) {
		t.Errorf("witnesses %+v", w)
	}
	if findings[5].Severity != Info || findings[3].Severity != Warning || findings[6].Severity != Warning || findings[8].Severity != Warning {
		t.Errorf("findings %+v", findings)
	}
}
