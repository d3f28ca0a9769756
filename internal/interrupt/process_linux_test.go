package interrupt

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A process that heeds no signal is killed, and so is what it has started.
// Other tests wait, since theirs would be as well.
func TestStartedProcessesEnd(t *testing.T) {
	child := exec.Command("sh", "-c", "trap '' INT TERM; sleep 600 & echo $!; wait; sleep 600")
	child.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	grandchild, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	signals := make(chan os.Signal, 1)
	signals <- os.Interrupt
	run(func(ctx context.Context) int { <-ctx.Done(); return 0 }, signals, time.Millisecond)
	child.Wait()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(look) {
		if _, _, runs := stat(grandchild); !runs {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("what the child has started runs on")
		}
	}
}

func TestProcessOfAnotherStart(t *testing.T) {
	t.Parallel()
	_, start, ok := stat(os.Getpid())
	if !ok || !(process{os.Getpid(), start}).runs() {
		t.Error("this process is not seen")
	}
	if (process{os.Getpid(), start + "1"}).runs() {
		t.Error("another one's number is taken for it")
	}
}
