package lsp

import (
	"fmt"
	"io"
	"strings"
	"testing"
)

// What is no message ends the connection, in little memory; what is one is read whole.
func TestFrames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, message, mistake string }{
		{"Content-Length: 2\r\n\r\n{}", "{}", ""},
		{"content-type: application/vscode-jsonrpc; charset=utf8\ncontent-length:2\n\n{} more", "{}", ""},
		{"Content-Length: 0\r\n\r\n", "", ""},
		{"Content-Length: 3\r\n\r\n{}", "", "EOF"},
		{"Content-Length: 268435456\r\n\r\n{}", "", "EOF"},
		{"Content-Length: 268435457\r\n\r\n{}", "", "must be a number up to"},
		{"Content-Length: 4611686018427387904\r\n\r\n{}", "", "must be a number up to"},
		{"Content-Length: 9223372036854775808\r\n\r\n{}", "", "must be a number up to"},
		{"Content-Length: -1\r\n\r\n{}", "", "must be a number up to"},
		{"Content-Length: x\r\n\r\n{}", "", "must be a number up to"},
		{"\r\n\r\n{}", "", "no Content-Length"},
		{strings.Repeat("x", 1<<20), "", "buffer full"},
		{"", "", "EOF"},
	} {
		message, err := framed(strings.NewReader(c.in), nil, io.Discard).next()
		if string(message) != c.message || (err == nil) != (c.mistake == "") || err != nil && !strings.Contains(err.Error(), c.mistake) {
			t.Errorf("%.40q: %q, %v, want %q, %s", c.in, message, err, c.message, c.mistake)
		}
	}
}

// A client that sends no messages is left, and nothing else happens.
func TestNoMessages(t *testing.T) {
	t.Parallel()
	told := 0
	for _, in := range []string{
		frame(`{"jsonrpc":"2.0","method":"exit","params":1}`) + frame(`{"jsonrpc":"2.0","method":"","params":{}}`) + frame(`{"jsonrpc":"1.0","method":"x"}`),
		"", "\x00\xff\xfe", "GET / HTTP/1.1\r\n\r\n", "Content-Length: 4611686018427387904\r\n\r\n", "Content-Length: 5\r\n\r\nnull",
	} {
		var why strings.Builder
		if status := Serve(t.Context(), strings.NewReader(in), nowhere{io.Discard}, Options{Rules: choose, Analyse: analyseAll, Stderr: &why}); status != Deserted {
			t.Errorf("%q: status %d", in, status)
		}
		if strings.HasPrefix(why.String(), "poollint lsp: what the client has sent is no message: ") {
			told++
		} else if why.String() != "" {
			t.Errorf("%q: %s", in, why.String())
		}
	}
	if told != 2 { // a header without a length that ends, and one of no length
		t.Errorf("told why %d times", told)
	}
}

func frame(message string) string {
	return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(message), message)
}

// nowhere is a writer that is never closed.
type nowhere struct{ io.Writer }

func (nowhere) Close() error { return nil }
