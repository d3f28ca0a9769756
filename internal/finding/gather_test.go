package finding

import (
	"reflect"
	"testing"
)

func TestGather(t *testing.T) {
	t.Parallel()
	findings := []Located{
		{Key: candidate + "helper", Message: "in the helper", Severity: Info},
		{Key: candidate + "unused", Message: "in a helper that nothing reaches", Severity: Info},
		{Key: candidate + "silenced", Message: "in a silenced helper", Severity: Info, Suppressed: "slow"},
		{Key: "a", Message: "in a test", Severity: Warning},
		{Key: "b", Message: "in another test", Severity: Warning},
		{Key: "c", Message: "of the silenced helper", Severity: Warning},
		{Key: "d", Message: "of no helper", Severity: Warning},
		{Key: "e", Message: "of a helper that is not analysed", Severity: Warning},
	}
	evidence := []Evidence{
		{Key: belongs + "a", Text: "helper"}, {Key: belongs + "b", Text: "helper"},
		{Key: belongs + "c", Text: "silenced"}, {Key: belongs + "e", Text: "elsewhere"},
		{Key: "d", Text: "TestD"},
	}
	got, gathered := Gather(findings, evidence)
	want := []Located{
		{Key: candidate + "helper", Message: "in the helper", Severity: Warning},
		{Key: candidate + "silenced", Message: "in a silenced helper", Severity: Warning, Suppressed: "slow"},
		{Key: "d", Message: "of no helper", Severity: Warning},
		{Key: "e", Message: "of a helper that is not analysed", Severity: Warning},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("findings\n%+v\nwant\n%+v", got, want)
	}
	keys := map[string][]string{candidate + "helper": {"a", "b"}, candidate + "silenced": {"c"}}
	if !reflect.DeepEqual(gathered, keys) {
		t.Errorf("gathered %v, want %v", gathered, keys)
	}
}
