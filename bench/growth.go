package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// sizes are the numbers of packages of the generated modules.
var sizes = []int{100, 1_000, 10_000}

// growth measures how poollint's time grows with the number of packages, of
// which a fifth reaches a database, and writes one Markdown row a size.
func growth(ctx context.Context, w io.Writer, tools, tmp string, rounds int, log func(string)) error {
	fmt.Fprintf(w, "| packages | %s, s | %s, s | %s, s | %s, s | first run: ms a package | peak, MiB |\n|---|---|---|---|---|---|---|\n", list, first, edited, hot)
	for _, n := range sizes {
		source := filepath.Join(tmp, fmt.Sprintf("generated-%d", n))
		if err := generate(source, n); err != nil {
			return err
		}
		b, err := newWorkbench(source, filepath.Join(tmp, fmt.Sprint(n)), tools)
		if err != nil {
			return err
		}
		all, err := b.subjects(false)
		if err != nil {
			return err
		}
		var subjects []*Subject
		for _, s := range all {
			if s.Name == list || s.Name == first || s.Name == edited || s.Name == hot {
				subjects = append(subjects, s)
			}
		}
		figures, err := measure(ctx, b.dir, subjects, rounds, log)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "| %d ", n)
		for _, s := range subjects {
			fmt.Fprintf(w, "| %.3f ", spreadOf(figures[s], wall).Median)
		}
		run := figures[subjects[1]]
		fmt.Fprintf(w, "| %.2f | %.0f |\n", spreadOf(run, wall).Median*1000/float64(n), spreadOf(run, peak).Median)
	}
	return nil
}

// generate writes a module of so many packages: a tree in which every fifth
// asks a database, and the others import none that does.
func generate(dir string, packages int) error {
	write := func(name, text string) error {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			return err
		}
		return os.WriteFile(file, []byte(text), 0o644)
	}
	if err := write("go.mod", "module example.com/generated\n\ngo 1.26\n"); err != nil {
		return err
	}
	if err := write("migrations/1.up.sql", "CREATE TABLE orders (id uuid PRIMARY KEY, tenant_id uuid NOT NULL, total int);\n"); err != nil {
		return err
	}
	for i := range packages {
		shape, test := plainPackage, plainTest
		if i%5 == 0 {
			shape, test = databasePackage, databaseTest
		}
		name, parent := packageName(i), packageName(i/10*5+i%5) // of its own kind
		if parent == name {
			parent = ""
		}
		imported, called := "", ""
		if parent != "" {
			imported, called = fmt.Sprintf("\n\tparent \"example.com/generated/%s\"", parent), "\n\tparent.Do(0)"
		}
		if err := write(name+"/p.go", fmt.Sprintf(shape, filepath.Base(name), imported, called)); err != nil {
			return err
		}
		if err := write(name+"/p_test.go", fmt.Sprintf(test, filepath.Base(name))); err != nil {
			return err
		}
	}
	return nil
}

func packageName(i int) string { return fmt.Sprintf("d%02d/p%d", i%100, i) }

const plainPackage = `package %s

import (
	"fmt"%s
)

type Item struct {
	Name  string
	Count int
}

func (i Item) String() string { return fmt.Sprintf("%%s x %%d", i.Name, i.Count) }

func Do(n int) (items []Item) {%s
	for i := range n {
		items = append(items, Item{Name: fmt.Sprint(i), Count: i})
	}
	return items
}
`

const plainTest = `package %s

import "testing"

func TestDo(t *testing.T) {
	if items := Do(3); len(items) != 3 || items[1].String() != "1 x 1" {
		t.Error(items)
	}
}
`

const databasePackage = `package %s

import (
	"context"
	"database/sql"%s
)

type Store struct{ DB *sql.DB }

func (s *Store) Total(ctx context.Context, tenant, id string) (total int, err error) {
	err = s.DB.QueryRowContext(ctx, "SELECT total FROM orders WHERE tenant_id = $1 AND id = $2", tenant, id).Scan(&total)
	return total, err
}

func (s *Store) Remove(ctx context.Context, id string) error {
	_, err := s.DB.ExecContext(ctx, "DELETE FROM orders WHERE id = $1", id)
	return err
}

func Do(n int) {%s
}
`

const databaseTest = `package %s

import (
	"database/sql"
	"os"
	"testing"
)

func TestTotal(t *testing.T) {
	db, err := sql.Open("pgx", os.Getenv("DATABASE_URL"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s := &Store{DB: db}
	if _, err := s.Total(t.Context(), "acme", "1"); err != nil {
		t.Error(err)
	}
}
`
