package poollimit

import (
	"fmt"
	"testing"

	"github.com/poollint/poollint/internal/ruletest"
)

// TestJoined proves that one constructor is told once in a run, and at how many places of how
// many packages.
func TestJoined(t *testing.T) {
	t.Parallel()
	programs := ruletest.Programs{}
	for _, packages := range []int{1, 2, 3} {
		for _, calls := range []int{1, 2} {
			dir := fmt.Sprintf("m%d%d", packages, calls)
			programs[dir+"/store/store.go"] = "package store\n\nimport (\n\t\"database/sql\"\n\t\"os\"\n)\n\nfunc New() (*sql.DB, error) { return sql.Open(`postgres`, os.Getenv(`DSN`)) }\n"
			for p := range packages {
				says := "// want info:`.`"
				if p == 0 {
					says = fmt.Sprintf("// want `^store\\.New opens a pool \\(sql\\.Open\\) without a limit%s; call SetMaxOpenConns\\(3\\)$`", places(calls*packages, packages))
				}
				text := fmt.Sprintf("package p\n\nimport (\n\t\"testing\"\n\n\t\"example.com/newpool/%s/store\"\n)\n\nfunc TestA(t *testing.T) { _, _ = store.New() %s\n}\n", dir, says)
				if calls == 2 {
					text += "\nfunc TestB(t *testing.T) { _, _ = store.New() // want info:`.`\n}\n"
				}
				programs[fmt.Sprintf("%s/p%d/p_test.go", dir, p)] = text
			}
		}
	}
	programs.Run(t, Rule, "../newpool/testdata")
}

func places(calls, packages int) string {
	switch {
	case packages > 1:
		return fmt.Sprintf(", at %d places of %d packages", calls, packages)
	case calls > 1:
		return fmt.Sprintf(", at %d places of this package", calls)
	}
	return ""
}
