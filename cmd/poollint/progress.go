package main

import (
	"io"
	"time"

	"github.com/schollz/progressbar/v3"
)

// progressDelay is how long a run lasts before it shows a bar by itself.
const progressDelay = time.Second

// progress is a bar on standard error that leaves nothing behind.
type progress struct {
	stderr io.Writer
	start  time.Time
	delay  time.Duration
	off    bool
	bar    *progressbar.ProgressBar
}

func newProgress(when string, stderr io.Writer) *progress {
	p := &progress{stderr: stderr, start: time.Now(), delay: progressDelay}
	switch when {
	case "on":
		p.delay = 0
	case "off":
		p.off = true
	default:
		p.off = !isTerminal(stderr)
	}
	return p
}

// step shows how many packages are done.
func (p *progress) step(done, total int) {
	if p.off || time.Since(p.start) < p.delay {
		return
	}
	if p.bar == nil {
		p.bar = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(p.stderr),
			progressbar.OptionSetDescription("analysing packages"),
			progressbar.OptionShowCount(),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionClearOnFinish())
		p.bar.RenderBlank()
	}
	p.bar.Set(done)
}

func (p *progress) finish() {
	if p.bar != nil {
		p.bar.Clear()
	}
}
