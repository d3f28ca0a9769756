package pass

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	fmt.Println("before the tests")
	code := m.Run()
	fmt.Print("after the tests, without a newline")
	os.Exit(code)
}

func TestQuiet(t *testing.T) { t.Log("a log of ", Half()) }

func TestStreams(t *testing.T) {
	fmt.Println("to stdout")
	fmt.Fprintln(os.Stderr, "to stderr")
	fmt.Print("without a newline")
	os.Stderr.WriteString("verbose " + fmt.Sprint(testing.Verbose(), testing.Short()))
}

func TestBig(*testing.T) { fmt.Println(strings.Repeat("x", 1<<20)) }

func TestSkipped(t *testing.T) { t.Skip("not today") }

func TestParallel(t *testing.T) {
	for i, name := range []string{"first", "second"} {
		t.Run(name, func(t *testing.T) {
			if i == 0 { // two would go on in either order
				t.Parallel()
			}
			time.Sleep(time.Duration(i+1) * 50 * time.Millisecond)
			t.Log("in ", name)
		})
	}
}

func BenchmarkHalf(b *testing.B) {
	for range b.N {
		Half()
	}
	b.ReportMetric(1, "rows/op")
}
