package testpool

import (
	"os"
	"testing"
	"time"
)

func TestOwnerComment(t *testing.T) {
	t.Parallel()
	for _, test := range []string{"TestRefund", "TestRefund/it's_(late)_at_noon,_process_1_of_2"} {
		want := newOwner(test)
		want.at = want.at.Truncate(time.Second)
		if got, ok := parseOwner(want.String()); !ok || got != want {
			t.Errorf("%s\nis read as %+v", want, got)
		}
	}
	for _, comment := range []string{"", "standard public schema", "made by hand", "made by me (psql) at noon, process 1 of 2"} {
		if got, ok := parseOwner(comment); ok {
			t.Errorf("%q is read as %+v", comment, got)
		}
	}
}

func TestOwnerGone(t *testing.T) {
	t.Parallel()
	const nobody = 1 << 30 // no process can have this id
	now := time.Now()
	for _, test := range []struct {
		name string
		owner
		want bool
	}{
		{"this process", owner{verb: made, pid: os.Getpid(), machine: machine(), at: now.Add(-48 * time.Hour)}, false},
		{"another user's process", owner{verb: made, pid: 1, machine: machine(), at: now}, false},
		{"a process that has ended", owner{verb: made, pid: nobody, machine: machine(), at: now}, machine() != ""},
		{"of another machine", owner{verb: made, pid: nobody, machine: "elsewhere", at: now.Add(-23 * time.Hour)}, false},
		{"of another machine, long ago", owner{verb: made, pid: os.Getpid(), machine: "elsewhere", at: now.Add(-25 * time.Hour)}, true},
		{"of no machine", owner{verb: made, pid: nobody, at: now}, false},
		{"kept", owner{verb: kept, pid: nobody, machine: machine(), at: now.Add(-6 * 24 * time.Hour)}, false},
		{"kept long enough", owner{verb: kept, pid: os.Getpid(), machine: machine(), at: now.Add(-8 * 24 * time.Hour)}, true},
	} {
		if got := test.gone(now); got != test.want {
			t.Errorf("%s: gone = %v", test.name, got)
		}
	}
}
