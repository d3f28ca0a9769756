package page_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/page"
	"github.com/poollint/poollint/internal/page/pagetest"
)

// The script of a page runs, and no other; text stays text.
func TestPage(t *testing.T) {
	t.Parallel()
	const source = `{{template "head" .}}<p>{{.}}</p><p onclick="document.title = 'clicked'">also</p><script>document.title = "another"</script>
{{template "script"}}</html>`
	var html strings.Builder
	hostile := `</title><script>document.title = "hostile"</script>`
	if err := page.New(source, `document.title += "!"`, nil).Execute(&html, hostile); err != nil {
		t.Fatal(err)
	}
	got := pagetest.Look(t, html.String(), pagetest.Views[0], `document.querySelector("[onclick]").click(); return document.title`)
	var title string
	if err := json.Unmarshal(got, &title); err != nil || title != hostile+"!" {
		t.Errorf("the title is %s, %v", got, err)
	}
}

// What is hard to read is found.
func TestLookFinds(t *testing.T) {
	t.Parallel()
	var html strings.Builder
	source := `{{template "head" "x"}}<p style="color: #999">faint</p><p style="width: 3000px">wide</p></html>`
	if err := page.New(source, "", nil).Execute(&html, nil); err != nil {
		t.Fatal(err)
	}
	seen := &recorder{TB: t}
	pagetest.Look(seen, html.String(), pagetest.Views[1], "")
	if seen.errors != 2 {
		t.Errorf("%d problems, want 2", seen.errors)
	}
}

// recorder counts the errors of a test instead of failing it.
type recorder struct {
	testing.TB
	errors int
}

func (r *recorder) Errorf(string, ...any) { r.errors++ }
