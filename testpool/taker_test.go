package testpool

import (
	"strings"
	"testing"
)

// takerOf takes a connection, and returns who has it, as testpool sees it.
func takerOf(t *testing.T, s *shared) string {
	t.Helper()
	conn, err := s.pool.Acquire(t.Context())
	if err != nil {
		return err.Error()
	}
	defer conn.Release()
	for _, holder := range s.holders.list() {
		if holder.pid == conn.Conn().PgConn().PID() {
			return holder.taker.test
		}
	}
	return "nobody"
}

func TestTakerIsTheSubtest(t *testing.T) {
	t.Parallel()
	s := newShared(t).open(t, nil)
	asked, done := make(chan struct{}), make(chan struct{})
	defer close(done)
	go (&fakeT{name: t.Name() + "/sibling"}).run(func(sibling testing.TB) {
		s.open(sibling, nil)
		close(asked)
		<-done
	})
	<-asked
	t.Run("asks", func(t *testing.T) {
		s.open(t, nil)
		if got := takerOf(t, s); got != t.Name() {
			t.Errorf("got %s, want %s", got, t.Name())
		}
		of := make(chan string)
		go func() { of <- takerOf(t, s) }()
		if got, want := <-of, "a goroutine of "+t.Name(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
	// One that uses the pool which its parent has asked for is not taken for its sibling.
	t.Run("never asks", func(t *testing.T) {
		if got, want := takerOf(t, s), "a subtest of TestTakerIsTheSubtest"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	})
}

func TestNameUnknown(t *testing.T) {
	serverURL(t)
	here, nowhere := goroutineID(), 1<<30
	for _, test := range []struct {
		function string
		goroutine
		want string
	}{
		{"TestNameUnknown", goroutine{creator: "testing.(*T).Run", parent: here}, "a subtest of TestNameUnknown"},
		{"TestRefund", goroutine{creator: "testing.(*T).Run", parent: here}, "TestRefund, a subtest of TestNameUnknown"},
		{"", goroutine{creator: "example.com/shop.serve", parent: here}, "a goroutine of TestNameUnknown"},
		{"TestRefund", goroutine{creator: "testing.(*T).Run", parent: nowhere}, "TestRefund"},
		{"", goroutine{creator: "example.com/shop.TestRefund.func1", parent: nowhere}, "a goroutine of TestRefund"},
		{"", goroutine{creator: "net/http.(*Server).Serve", parent: nowhere}, "a goroutine that no test has started, while there is "},
	} {
		if got := nameUnknown(test.function, test.goroutine); !strings.HasPrefix(got, test.want) {
			t.Errorf("%q, %+v: %s, want %s", test.function, test.goroutine, got, test.want)
		}
	}
}
