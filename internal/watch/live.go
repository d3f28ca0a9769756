package watch

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

const liveEvery = 100 * time.Millisecond

// live keeps a status line at the bottom of a terminal. Other output goes through its
// writers, which remove the line first.
type live struct {
	mu       sync.Mutex
	terminal io.Writer // nil: no line is shown
	shown    bool
	last     time.Time
	start    time.Time
	usable   int
	peak     int
}

// newLive shows a line if w is a terminal.
func newLive(w io.Writer, usable int) *live {
	l := &live{start: time.Now(), usable: usable}
	if file, ok := w.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		l.terminal = file
	}
	return l
}

func (l *live) update(s sample) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.peak = max(l.peak, s.total)
	if l.terminal == nil || time.Since(l.last) < liveEvery {
		return
	}
	l.last, l.shown = time.Now(), true
	fmt.Fprintf(l.terminal, "\r\x1b[Kpoollint watch: %4.1fs  %d connections, peak %d of %d",
		time.Since(l.start).Seconds(), s.total, l.peak, l.usable)
}

// clear removes the line.
func (l *live) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hide()
}

func (l *live) hide() {
	if l.shown {
		fmt.Fprint(l.terminal, "\r\x1b[K")
		l.shown = false
	}
}

// writer returns a writer to w that removes the line first. Writes to several of them are
// not interleaved.
func (l *live) writer(w io.Writer) io.Writer { return &besideLive{w: w, live: l} }

type besideLive struct {
	w    io.Writer
	live *live
}

func (b *besideLive) Write(p []byte) (int, error) {
	b.live.mu.Lock()
	defer b.live.mu.Unlock()
	b.live.hide()
	return b.w.Write(p)
}
