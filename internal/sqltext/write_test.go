package sqltext

import (
	"fmt"
	"testing"
)

func TestCombinations(t *testing.T) {
	t.Parallel()
	several := func(n, alternatives int) map[string]int {
		m := map[string]int{}
		for i := range n {
			m[fmt.Sprint(i)] = alternatives
		}
		return m
	}
	with := func(m map[string]int, n int) map[string]int { m["other"] = n; return m }
	for _, test := range []struct {
		exclusive map[string]int
		want      int
	}{
		{nil, 1},
		{map[string]int{"a": 2, "b": 3}, 6},
		{several(5, 2), 32},           // all of them
		{several(6, 2), 2},            // each alternative
		{with(several(6, 2), 3), 3},   // of the condition with the most
		{with(several(6, 2), 99), 32}, // as far as there is room
	} {
		all := combinations(test.exclusive)
		if len(all) != test.want {
			t.Errorf("%v: %d combinations, want %d", test.exclusive, len(all), test.want)
		}
		distinct, chosen := map[string]bool{}, map[string]bool{}
		for _, picks := range all {
			distinct[fmt.Sprint(picks)] = true
			if len(picks) != len(test.exclusive) {
				t.Errorf("%v: %v does not choose for each", test.exclusive, picks)
			}
			for key, i := range picks {
				chosen[fmt.Sprint(key, i)] = true
				if i < 0 || i >= test.exclusive[key] {
					t.Errorf("%v: there is no alternative %d of %s", test.exclusive, i, key)
				}
			}
		}
		if len(distinct) != len(all) {
			t.Errorf("%v: only %d combinations are different", test.exclusive, len(distinct))
		}
		for key, n := range test.exclusive {
			for i := range min(n, test.want) {
				if !chosen[fmt.Sprint(key, i)] {
					t.Errorf("%v: alternative %d of %s is never chosen", test.exclusive, i, key)
				}
			}
		}
	}
}
