package report

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/poollint/poollint/internal/finding"
)

// gitHubCommand names severities as GitHub's workflow commands do.
var gitHubCommand = map[finding.Severity]string{
	finding.Error:   "error",
	finding.Warning: "warning",
	finding.Info:    "notice",
}

// writeGitHub writes workflow commands that annotate lines of a pull request.
func writeGitHub(w io.Writer, r *Report) error {
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	for _, f := range r.shown {
		end := ""
		if f.End.Line > 0 {
			end = fmt.Sprintf(",endLine=%d", f.End.Line)
			if f.End.Line == f.Pos.Line { // GitHub takes columns within one line only
				end += fmt.Sprintf(",endColumn=%d", f.End.Column)
			}
		}
		_, err := fmt.Fprintf(w, "::%s file=%s,line=%d,col=%d%s,title=%s::%s\n", gitHubCommand[f.Severity],
			property.Replace(r.Path(f.Pos.Filename)), f.Pos.Line, f.Pos.Column, end, property.Replace("poollint "+f.Rule), data.Replace(f.Message))
		if err != nil {
			return err
		}
	}
	return nil
}

// gitlabSeverity names severities as GitLab's code quality report does.
var gitlabSeverity = map[finding.Severity]string{
	finding.Error:   "major",
	finding.Warning: "minor",
	finding.Info:    "info",
}

// writeGitLab writes a GitLab code quality report.
func writeGitLab(w io.Writer, r *Report) error {
	type lines struct {
		Begin int `json:"begin"`
	}
	type location struct {
		Path  string `json:"path"`
		Lines lines  `json:"lines"`
	}
	type issue struct {
		Description string   `json:"description"`
		Check       string   `json:"check_name"`
		Fingerprint string   `json:"fingerprint"`
		Severity    string   `json:"severity"`
		Location    location `json:"location"`
	}
	issues := []issue{}
	for i, f := range r.open {
		issues = append(issues, issue{
			f.Message, f.Rule, r.prints[i], gitlabSeverity[f.Severity],
			location{r.Path(f.Pos.Filename), lines{f.Pos.Line}},
		})
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(issues)
}

// writeCheckstyle writes Checkstyle's XML, which many dashboards read.
func writeCheckstyle(w io.Writer, r *Report) error {
	type mistake struct {
		Line     int    `xml:"line,attr"`
		Column   int    `xml:"column,attr"`
		Severity string `xml:"severity,attr"`
		Message  string `xml:"message,attr"`
		Source   string `xml:"source,attr"`
	}
	type file struct {
		Name     string    `xml:"name,attr"`
		Mistakes []mistake `xml:"error"`
	}
	report := struct {
		XMLName xml.Name `xml:"checkstyle"`
		Version string   `xml:"version,attr"`
		Files   []file   `xml:"file"`
	}{Version: "5.0"}
	for _, f := range r.open {
		name := r.Path(f.Pos.Filename)
		if n := len(report.Files); n == 0 || report.Files[n-1].Name != name {
			report.Files = append(report.Files, file{Name: name})
		}
		last := &report.Files[len(report.Files)-1]
		last.Mistakes = append(last.Mistakes, mistake{f.Pos.Line, f.Pos.Column, string(f.Severity), f.Message, "poollint." + f.Rule})
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(report); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
