package clients_test

import (
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the code into the pages")

var goCode = regexp.MustCompile("(?s)```go\n.*?```")

// A page's code is the file that the tests here run.
func TestPages(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"sql", "gorm", "bun", "sqlx", "ent"} {
		code, err := os.ReadFile(name + "_test.go")
		if err != nil {
			t.Fatal(err)
		}
		path := "../../docs/testpool/" + name + ".md"
		page, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		blocks, want := goCode.FindAllString(string(page), -1), "```go\n"+string(code)+"```"
		if len(blocks) != 1 {
			t.Errorf("%s has %d pieces of Go, want the one of %s_test.go", path, len(blocks), name)
			continue
		}
		if blocks[0] == want {
			continue
		}
		if !*update {
			t.Errorf("%s is not the code of %s_test.go: go test -run Pages -update writes it", path, name)
		} else if err := os.WriteFile(path, []byte(strings.Replace(string(page), blocks[0], want, 1)), 0o644); err != nil {
			t.Error(err)
		}
	}
}
