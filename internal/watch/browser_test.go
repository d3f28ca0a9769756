package watch

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/command"
	"github.com/poollint/poollint/internal/page/pagetest"
	"github.com/poollint/poollint/internal/testdb"
)

func TestPageInABrowser(t *testing.T) {
	t.Parallel()
	pagetest.Browser(t)
	server := func(n int) serverFacts {
		return serverFacts{Allowance: testdb.Allowance{MaxConnections: n, RoleLimit: -1, DatabaseLimit: -1}, Version: "15.1"}
	}
	many := report{Command: []string{"go", "test", "./..."}, Seconds: 61.25, Before: 3, Limits: thresholds{Limit: 10}, Server: server(11), Total: groupReport{Peak: 18}}
	sum := map[string]int{}
	for i := range 9 {
		name := fmt.Sprintf("example.com/shop/internal/package%d", i)
		many.Groups = append(many.Groups, groupReport{Name: name, Package: true, Peak: 2, Tests: []string{strings.Repeat("TestLong", 9)}})
		sum[name] = 2
	}
	many.Samples = []sampleReport{{At: 1, Connections: 18, Packages: sum}, {At: 60}}
	many.shortenNames()
	for name, r := range map[string]report{
		"many":  many,
		"same":  {Command: []string{"make"}, Seconds: 0.4, Limits: thresholds{Limit: 20}, Server: server(20)},
		"none":  {Command: []string{"make"}, Seconds: 3000, Limits: thresholds{Limit: 0}, Server: server(1)},
		"large": {Command: []string{"make"}, Seconds: 5e6, Limits: thresholds{Limit: 123456}, Server: server(123457)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join(t.TempDir(), "page.html")
			output := command.Output{Format: "html", File: file}
			if err := output.Write(nil, r.writePage); err != nil {
				t.Fatal(err)
			}
			for _, view := range pagetest.Views {
				pagetest.Look(t, read(t, file), view, "")
			}
		})
	}
}
