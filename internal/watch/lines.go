package watch

import (
	"bytes"
	"io"
)

// lineWriter calls a function with each line that is written to it.
type lineWriter struct {
	rest []byte
	line func([]byte) error
}

var _ io.Writer = (*lineWriter)(nil)

func (w *lineWriter) Write(p []byte) (int, error) {
	w.rest = append(w.rest, p...)
	for {
		end := bytes.IndexByte(w.rest, '\n')
		if end < 0 {
			return len(p), nil
		}
		if err := w.line(w.rest[:end+1]); err != nil {
			return 0, err
		}
		w.rest = w.rest[end+1:]
	}
}

// flush passes on the last line, if it does not end with a newline.
func (w *lineWriter) flush() error {
	if len(w.rest) == 0 {
		return nil
	}
	return w.line(w.rest)
}
