// Package pagetest looks at a page in a headless browser, for tests.
package pagetest

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/page"
)

// requireBrowser makes tests fail that find no browser, instead of being skipped.
const requireBrowser = "POOLLINT_REQUIRE_BROWSER"

// Browser returns the path of a browser.
func Browser(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv(requireBrowser) != "" {
		t.Fatal("no browser: chromium is not in PATH (Debian: apt-get install chromium)")
	}
	t.Skip("no browser: chromium is not in PATH (Debian: apt-get install chromium)")
	return ""
}

// A View is how a page is looked at.
type View struct {
	Dark  bool
	Width int // of the window, in pixels
}

func (v View) String() string {
	return fmt.Sprintf("%s, %d px wide", map[bool]string{true: "dark", false: "light"}[v.Dark], v.Width)
}

// Views are a wide dark window and a narrow light one.
var Views = []View{{Dark: true, Width: 1200}, {Width: 600}}

// background is that of pages, by View.Dark.
var background = map[bool]string{true: "rgb(23, 25, 28)", false: "rgb(255, 255, 255)"}

//go:embed measure.js
var measure string

// Look opens a page in a browser and reports texts that are hard to read, overlap or are cut
// off. It returns the JSON of what a script returns, which then runs in the page as the body of
// a function; none if it is empty.
func Look(t testing.TB, html string, view View, script string) json.RawMessage {
	t.Helper()
	looking := strings.Replace(measure, "RESULT", "(() => {"+script+"})()", 1)
	// The page's own policy stays, and allows one more script.
	policy := "default-src &#39;none&#39;"
	if !strings.Contains(html, policy) {
		t.Fatal("the page has no policy of its own")
	}
	allowed := " " + page.Source(looking)
	if scripts := "script-src"; strings.Contains(html, scripts) {
		html = strings.Replace(html, scripts, scripts+allowed, 1)
	} else {
		html = strings.Replace(html, policy, policy+"; script-src"+allowed, 1)
	}
	html = strings.Replace(html, "</html>", "<script>"+looking+"</script></html>", 1)
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, []byte(html), 0o600); err != nil {
		t.Fatal(err)
	}
	scheme := map[bool]string{true: "0", false: "1"}[view.Dark]
	cmd := exec.CommandContext(t.Context(), Browser(t), "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+t.TempDir(),
		fmt.Sprintf("--window-size=%d,900", view.Width), "--blink-settings=preferredColorScheme="+scheme, "--dump-dom", "file://"+file)
	dom, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(dom), `<pre id="seen">`)
	text, _, found := strings.Cut(rest, "</pre>")
	text = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", "&nbsp;", "\u00a0").Replace(text)
	var seen struct {
		Background string
		Problems   []string
		Result     json.RawMessage
	}
	if err := json.Unmarshal([]byte(text), &seen); err != nil || !found {
		t.Fatalf("%v: the page was not measured: %v\n%s", view, err, dom)
	}
	if want := background[view.Dark]; seen.Background != want {
		t.Errorf("%v: the page is %s, want %s", view, seen.Background, want)
	}
	for _, problem := range seen.Problems {
		t.Errorf("%v: %s", view, problem)
	}
	return seen.Result
}
