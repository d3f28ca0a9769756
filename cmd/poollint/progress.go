package main

import (
	"fmt"
	"io"
	"time"
)

const (
	progressDelay = time.Second            // how long a run lasts before it shows its progress by itself
	progressPause = 100 * time.Millisecond // between two lines
)

// progress is a line on standard error that is written over and leaves nothing behind.
type progress struct {
	stderr io.Writer
	next   time.Time // when to write the next line
	off    bool
	shown  bool
}

func newProgress(when string, stderr io.Writer) *progress {
	p := &progress{stderr: stderr, next: time.Now()}
	switch when {
	case "on":
	case "off":
		p.off = true
	default:
		p.off = !isTerminal(stderr)
		p.next = p.next.Add(progressDelay)
	}
	return p
}

// step shows how many packages are done.
func (p *progress) step(done, total int) {
	now := time.Now()
	if p.off || now.Before(p.next) {
		return
	}
	p.next, p.shown = now.Add(progressPause), true
	fmt.Fprintf(p.stderr, "%sanalysing packages: %d of %d", clearLine, done, total)
}

// clearLine takes a terminal back to the beginning of its line, and empties that.
const clearLine = "\r\x1b[K"

func (p *progress) finish() {
	if p.shown {
		fmt.Fprint(p.stderr, clearLine)
	}
}
