package driver

import (
	"bytes"
	"context"
	"encoding/gob"
	"encoding/json"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/poollint/poollint/internal/cache"
)

// A question is a run that a process of its own can make.
type question struct {
	Dir      string
	Patterns []string
	Tags     string
	Load     Load
	Cache    string // its directory
	Overlay  Overlay
	Session  *Session `json:"-"`

	Full, Room int // once so many packages are done no file may grow beyond the room, in bytes; 0 for never
}

type answer struct {
	Result *Result
	Err    string
}

// answer makes the run.
func (q question) answer(store *cache.Cache) (a answer) {
	o := options(q.Dir, q.Patterns...)
	o.Tags, o.Load, o.Cache, o.Tool, o.Overlay, o.Session = q.Tags, q.Load, store, "test", q.Overlay, q.Session
	o.Progress = func(done, _ int) {
		if store != nil && done == q.Full {
			limitFiles(uint64(q.Room))
		}
	}
	result, err := Run(context.Background(), o)
	if err != nil {
		a.Err = err.Error()
	}
	a.Result = result
	return a
}

// askedAlone makes the test binary answer the question that it holds.
const askedAlone = "POOLLINT_TEST_QUESTION"

func answerAlone(asked string) {
	var q question
	if err := json.Unmarshal([]byte(asked), &q); err != nil {
		panic(err)
	}
	store, err := cache.Open(q.Cache)
	if err != nil {
		panic(err)
	}
	if err := gob.NewEncoder(os.Stdout).Encode(q.answer(store)); err != nil {
		panic(err)
	}
}

// process returns the process that will answer the question.
func (q question) process(t *testing.T) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(q)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), askedAlone+"="+string(text))
	cmd.Stderr = os.Stderr
	return cmd
}

// alone answers the question in a process of its own.
func (q question) alone(t *testing.T) (a answer) {
	t.Helper()
	out, err := q.process(t).Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := gob.NewDecoder(bytes.NewReader(out)).Decode(&a); err != nil {
		t.Fatal(err)
	}
	return a
}

// killed begins to answer the question in a process that is killed after a time.
func (q question) killed(t *testing.T, after time.Duration) {
	t.Helper()
	cmd := q.process(t)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	cmd.Process.Kill()
	cmd.Wait()
}
