package flow

import (
	"slices"
	"strings"
	"testing"
)

func TestSummaries(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, source, asks, want string }{
		{"what is called is made first", "func a() { b() }\nfunc b() {}", "a:b", "b a"},
		{"what is made later is asked again", "func a() {}\nfunc b() {}", "a:b", "a b a"},
		{"so is what asked for that", "func a() {}\nfunc b() { a() }\nfunc c() {}", "a:c b:a", "a b c a b"},
		{"what is asked for in a ring", "func a() { b() }\nfunc b() { a() }", "a:b b:a", "b a b a"},
		{"what nothing is known of changes nothing", "func a() {}\nfunc none() {}", "a:none", "a none"},
	}
	for _, tt := range tests {
		p := load(t, tt.source)
		asks := map[string]string{}
		for _, ask := range strings.Fields(tt.asks) {
			asker, asked, _ := strings.Cut(ask, ":")
			asks[asker] = asked
		}
		var made []string
		var s Summaries[[]string]
		s.Same = slices.Equal[[]string]
		s.Make = func(f *Func) []string { // itself, and what those that it asks for know
			made = append(made, name(f))
			if name(f) == "none" {
				return nil
			}
			known := []string{name(f)}
			if asked := asks[name(f)]; asked != "" {
				known = append(known, s.Of(find(t, p, asked))...)
			}
			slices.Sort(known)
			return slices.Compact(known)
		}
		s.Run(p, func(*Func) bool { return true })
		if got := strings.Join(made, " "); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestSummariesEnd(t *testing.T) {
	t.Parallel()
	p := load(t, "func a() { b() }\nfunc b() { a() }\nfunc c() {}")
	made := 0
	var s Summaries[int]
	s.Same = func(before, after int) bool { return before == after }
	s.Make = func(f *Func) int {
		made++
		return s.Of(find(t, p, "a")) + s.Of(find(t, p, "b")) + s.Of(find(t, p, "c")) + 1
	}
	s.Run(p, func(f *Func) bool { return name(f) != "c" })
	if most := 2 * maxRounds; made > most || made < maxRounds {
		t.Errorf("%d summaries were made, want at most %d", made, most)
	}
	if got := s.Of(find(t, p, "c")); got != 0 {
		t.Errorf("c, which is not wanted, has %d", got)
	}
}
