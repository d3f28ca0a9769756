package report

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// gitlabMistakes holds a report against the format that GitLab documents.
func gitlabMistakes(t *testing.T, text string) error {
	t.Helper()
	issues, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		return err
	}
	schema, err := jsonschema.NewCompiler().Compile("testdata/gitlab.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := schema.Validate(issues); err != nil {
		return err
	}
	seen := map[any]bool{}
	for _, issue := range issues.([]any) {
		print := issue.(map[string]any)["fingerprint"]
		if seen[print] {
			return fmt.Errorf("two issues have the fingerprint %v", print)
		}
		seen[print] = true
	}
	return nil
}

// An element is one of Checkstyle's, by what it is in and what its attributes must be.
type element struct {
	in         string
	attributes map[string]string
}

var checkstyle = map[string]element{
	"checkstyle": {"", map[string]string{"version": `\d+\.\d+`}},
	"file":       {"checkstyle", map[string]string{"name": `.+`}},
	"error":      {"file", map[string]string{"line": `[1-9]\d*`, "column": `[1-9]\d*`, "severity": `error|warning|info|ignore`, "message": `(?s).+`, "source": `[\w.]+`}},
}

// checkstyleMistakes holds a report against the format that Checkstyle writes.
func checkstyleMistakes(text string) error {
	decoder := xml.NewDecoder(strings.NewReader(text))
	open, files := []string{""}, map[string]bool{}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if strings.TrimSpace(string(token)) != "" {
				return fmt.Errorf("text between elements: %q", token)
			}
		case xml.StartElement:
			name := token.Name.Local
			e, known := checkstyle[name]
			if !known || e.in != open[len(open)-1] {
				return fmt.Errorf("<%s> in <%s>", name, open[len(open)-1])
			}
			open = append(open, name)
			missing := maps.Clone(e.attributes)
			for _, a := range token.Attr {
				pattern, known := e.attributes[a.Name.Local]
				if !known || !regexp.MustCompile("^(?:"+pattern+")$").MatchString(a.Value) {
					return fmt.Errorf("<%s %s=%q>", name, a.Name.Local, a.Value)
				}
				delete(missing, a.Name.Local)
				if name == "file" && files[a.Value] {
					return fmt.Errorf("two elements for the file %s", a.Value)
				}
				files[a.Value] = files[a.Value] || name == "file"
			}
			if len(missing) > 0 {
				return fmt.Errorf("<%s> lacks %v", name, slices.Sorted(maps.Keys(missing)))
			}
		}
	}
}

// Reports for dashboards are of the documented form, whatever names and messages hold.
func TestDashboards(t *testing.T) {
	t.Parallel()
	hostile := sample(t)
	for i := range hostile.Findings {
		hostile.Findings[i].Message = "]]><x a=\"\x00\u202e\xff\">\n& '"
		hostile.Findings[i].Pos.Filename += "\x01\"<"
	}
	for name, r := range map[string]*Report{"sample": sample(t), "hostile": hostile, "empty": New("/m", "/m", nil)} {
		if err := gitlabMistakes(t, write(t, r, "gitlab")); err != nil {
			t.Errorf("gitlab, %s: %v", name, err)
		}
		if err := checkstyleMistakes(write(t, r, "checkstyle")); err != nil {
			t.Errorf("checkstyle, %s: %v", name, err)
		}
	}
}

// What is not of the form is found.
func TestDashboardFormsAreStrict(t *testing.T) {
	t.Parallel()
	issue := func(fingerprint, severity, path, more string) string {
		return `{"description": "a", "check_name": "a", "fingerprint": "` + fingerprint + `", "severity": "` + severity + `", "location": {"path": "` + path + `", "lines": {"begin": 1}}` + more + `}`
	}
	if err := gitlabMistakes(t, "["+issue("a", "minor", ".a/b", "")+"]"); err != nil {
		t.Error(err)
	}
	for _, text := range []string{
		"{}", "[{}]",
		"[" + issue("a", "warning", "a", "") + "]",
		"[" + issue("a", "minor", "./a", "") + "]",
		"[" + issue("a", "minor", "../a", "") + "]",
		"[" + issue("a", "minor", "/a", "") + "]",
		"[" + issue("a", "minor", "a", `, "rule": "x"`) + "]",
		"[" + issue("a", "minor", "a", "") + "," + issue("a", "minor", "b", "") + "]",
	} {
		if gitlabMistakes(t, text) == nil {
			t.Errorf("%s passes", text)
		}
	}
	for _, text := range []string{
		`<checkstyle/>`, `<file name="a"/>`, `<checkstyle version="5.0">x</checkstyle>`, `<checkstyle version="5.0">`,
		`<checkstyle version="5.0"><file name="a"><error line="0" column="1" severity="error" message="m" source="s"/></file></checkstyle>`,
		`<checkstyle version="5.0"><file name="a"><error line="1" column="1" severity="note" message="m" source="s"/></file></checkstyle>`,
		`<checkstyle version="5.0"><file name="a"/><file name="a"/></checkstyle>`,
	} {
		if checkstyleMistakes(text) == nil {
			t.Errorf("%s passes", text)
		}
	}
}
