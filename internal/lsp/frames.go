package lsp

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/creachadair/jrpc2/channel"

	"github.com/poollint/poollint/internal/printable"
)

// maxMessage bounds a message of the client, in bytes. Files of 50 MB fit in.
const maxMessage = 256 << 20

// frames reads and writes the protocol's messages. What the library reads with makes room for
// whatever length a message claims, and ends the program where that is none.
type frames struct {
	channel.Channel // which writes
	in              *bufio.Reader
	why             io.Writer // takes why the connection ends, if the client does not end it
	ended           bool
}

func framed(in io.Reader, out io.WriteCloser, why io.Writer) *frames {
	return &frames{Channel: channel.LSP(strings.NewReader(""), out), in: bufio.NewReader(in), why: why}
}

// Recv returns the next message; behind the last one, an exit. The library, told of an end, panics
// where notifications with mistakes are still queued.
func (f *frames) Recv() ([]byte, error) {
	if f.ended {
		select {} // Serve returns
	}
	message, err := f.next()
	if f.ended = err != nil; f.ended {
		if !errors.Is(err, io.EOF) {
			fmt.Fprintf(f.why, "poollint lsp: what the client has sent is no message: %v\n", printable.Line(err.Error()))
		}
		message = []byte(`{"jsonrpc":"2.0","method":"exit"}`)
	}
	return message, nil
}

func (f *frames) next() ([]byte, error) {
	size, err := f.header()
	if err != nil {
		return nil, err
	}
	var message bytes.Buffer // grows with what comes
	if _, err := io.CopyN(&message, f.in, int64(size)); err != nil {
		return nil, err
	}
	return message.Bytes(), nil
}

// header reads the lines before a message, and returns its length.
func (f *frames) header() (size int, err error) {
	size = -1
	for {
		line, err := f.in.ReadSlice('\n') // of no more than the reader's buffer
		if err != nil {
			return 0, err
		}
		field, value, _ := strings.Cut(strings.TrimRight(string(line), "\r\n"), ":")
		switch {
		case field == "" && size < 0:
			return 0, errors.New("a message has no Content-Length")
		case field == "":
			return size, nil
		case strings.EqualFold(field, "Content-Length"):
			size, err = strconv.Atoi(strings.TrimSpace(value))
			if err != nil || size < 0 || size > maxMessage {
				return 0, fmt.Errorf("Content-Length %q: must be a number up to %d", value, maxMessage)
			}
		}
	}
}
