// Package plain has no SQL.
package plain

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

type Shelf struct {
	Books map[string][]Book
	names []string
}

type Book struct {
	Title, Author string
	Pages         int
}

var ErrFull = errors.New("the shelf is full")

func (s *Shelf) Add(b Book) error {
	if len(s.Books) > 100 {
		return ErrFull
	}
	if s.Books == nil {
		s.Books = map[string][]Book{}
	}
	if _, ok := s.Books[b.Author]; !ok {
		s.names = append(s.names, b.Author)
		sort.Strings(s.names)
	}
	s.Books[b.Author] = append(s.Books[b.Author], b)
	return nil
}

func (s *Shelf) String() string {
	var out strings.Builder
	for _, name := range s.names {
		pages := 0
		for _, b := range s.Books[name] {
			pages += b.Pages
		}
		switch {
		case pages == 0:
			continue
		case pages > 1000:
			fmt.Fprintf(&out, "%s wrote much\n", name)
		default:
			fmt.Fprintf(&out, "%s: %d pages\n", name, pages)
		}
	}
	return out.String()
}
