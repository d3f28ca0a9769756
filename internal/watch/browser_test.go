package watch

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/command"
	"github.com/poollint/poollint/internal/testdb"
)

// requireBrowser makes tests fail that find no browser, instead of being skipped.
const requireBrowser = "POOLLINT_REQUIRE_BROWSER"

// measure is run in the page: it lists labels that overlap or are cut off, and texts and
// areas whose colours are too near to those behind them.
const measure = `<script>
addEventListener("load", () => {
  const problems = [];
  const texts = [...document.querySelectorAll("svg text")].map(e => [e.textContent, e.getBoundingClientRect()]);
  const picture = document.querySelector("svg").getBoundingClientRect();
  texts.forEach(([name, a], i) => {
    if (a.width < 3 || a.height < 9) problems.push(name + " is too small: " + a.width + " x " + a.height);
    if (a.left < picture.left || a.right > picture.right + 1 || a.top < picture.top || a.bottom > picture.bottom) problems.push(name + " is cut off");
    for (const [other, b] of texts.slice(i + 1))
      if (a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom) problems.push(name + " is over " + other);
  });
  const luminance = color => {
    const [r, g, b] = color.match(/[\d.]+/g).slice(0, 3).map(v => v / 255).map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => { const [x, y] = [luminance(a), luminance(b)]; return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05); };
  const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if (c !== "rgba(0, 0, 0, 0)" && c !== "transparent") return c; } return "rgb(255, 255, 255)"; };
  for (const e of document.querySelectorAll("h1, h2, p, td, th, dt, dd, .verdict div, .verdict, svg text, .area")) {
    const style = getComputedStyle(e), shape = e instanceof SVGElement;
    const found = contrast(shape ? style.fill : style.color, behind(shape ? e.closest("div") : e));
    if (found < (e.matches(".area") ? 3 : 4.5)) problems.push("contrast " + found.toFixed(1) + " of " + (e.className.baseVal ?? e.className) + " " + e.textContent);
  }
  if (document.documentElement.scrollWidth > innerWidth) problems.push("the page is wider than its window: " + document.documentElement.scrollWidth);
  const seen = document.createElement("pre");
  seen.id = "seen";
  seen.textContent = JSON.stringify({background: behind(document.body), problems});
  document.body.append(seen);
});
</script>`

func browser(t *testing.T) string {
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

// look opens a page in a browser and returns what measure has found.
func look(t *testing.T, page, scheme, width string) (background string, problems []string) {
	t.Helper()
	html := strings.Replace(read(t, page), "</html>", measure+"</html>", 1)
	measured := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(measured, []byte(html), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), browser(t), "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+t.TempDir(),
		"--window-size="+width+",900", "--blink-settings=preferredColorScheme="+scheme, "--dump-dom", "file://"+measured)
	dom, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(dom), `<pre id="seen">`)
	text, _, found := strings.Cut(rest, "</pre>")
	var seen struct {
		Background string
		Problems   []string
	}
	if err := json.Unmarshal([]byte(text), &seen); err != nil || !found {
		t.Fatalf("the page was not measured: %v\n%s", err, dom)
	}
	return seen.Background, seen.Problems
}

func TestPageInABrowser(t *testing.T) {
	t.Parallel()
	browser(t)
	server := func(n int) serverFacts {
		return serverFacts{Allowance: testdb.Allowance{MaxConnections: n, RoleLimit: -1, DatabaseLimit: -1}, Version: "15.1"}
	}
	many := report{Command: []string{"go", "test", "./..."}, Seconds: 61.25, Before: 3, Limits: thresholds{Max: 10}, Server: server(11), Total: groupReport{Peak: 18}}
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
		"same":  {Command: []string{"make"}, Seconds: 0.4, Limits: thresholds{Max: 20}, Server: server(20)},
		"none":  {Command: []string{"make"}, Seconds: 3000, Limits: thresholds{Max: 0}, Server: server(1)},
		"large": {Command: []string{"make"}, Seconds: 5e6, Limits: thresholds{Max: 123456}, Server: server(123457)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page := filepath.Join(t.TempDir(), "page.html")
			output := command.Output{Format: "html", File: page}
			if err := output.Write(nil, r.writePage); err != nil {
				t.Fatal(err)
			}
			for _, view := range []struct{ scheme, width, background string }{{"0", "1200", "rgb(23, 25, 28)"}, {"1", "600", "rgb(255, 255, 255)"}} {
				background, problems := look(t, page, view.scheme, view.width)
				if background != view.background {
					t.Errorf("the page is %s, want %s", background, view.background)
				}
				for _, problem := range problems {
					t.Errorf("%s, %s px wide: %s", view.background, view.width, problem)
				}
			}
		})
	}
}
