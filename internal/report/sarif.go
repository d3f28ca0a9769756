package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"go/token"
	"io"
	"net/url"
	"slices"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"golang.org/x/mod/semver"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/ruledoc"
)

// sarifLevel names severities as SARIF does.
var sarifLevel = map[finding.Severity]string{
	finding.Error:   "error",
	finding.Warning: "warning",
	finding.Info:    "note",
}

// base is the symbol of what paths are relative to. Where that is on this machine the log
// does not tell.
const base = "%SRCROOT%"

// writeSARIF writes a SARIF 2.1.0 log: the rules with their pages, and the findings with
// source lines, fingerprints, suppressions and fixes.
func writeSARIF(w io.Writer, r *Report) error {
	version := number(r.Version)
	driver := sarif.NewToolComponent().
		WithName("poollint").
		WithInformationURI("https://github.com/poollint/poollint").
		WithVersion(version).
		WithSemanticVersion(version)
	index := map[string]int{}
	for i, rule := range r.Rules {
		index[rule.Name] = i
		driver.AddRule(sarif.NewReportingDescriptor().
			WithID(rule.Name).
			WithHelpURI(rule.URL).
			WithShortDescription(text(ruledoc.Summary(rule))).
			WithFullDescription(text(ruledoc.Description(rule))).
			WithHelp(text(string(ruledoc.Text(rule, 80))).WithMarkdown(string(ruledoc.Markdown(rule)))))
	}
	run := sarif.NewRun().WithTool(sarif.NewTool().WithDriver(driver)).WithColumnKind("unicodeCodePoints")
	for i, f := range r.Findings {
		result := sarif.NewResult().
			WithRuleID(f.Rule).
			WithRuleIndex(index[f.Rule]).
			WithLevel(sarifLevel[f.Severity]).
			WithMessage(sarif.NewTextMessage(f.Message)).
			WithPartialFingerprints(map[string]string{"poollint/v1": r.prints[i]}).
			AddLocation(r.location(f.Pos, f.End))
		for _, w := range f.New {
			result.AddRelatedLocation(r.location(w.Pos, token.Position{}).WithMessage(sarif.NewTextMessage("new: " + cmp.Or(w.In, f.Rule))))
		}
		for w, words := range f.Shown() {
			if !slices.Contains(f.New, w) {
				result.AddRelatedLocation(r.location(w.Pos, token.Position{}).WithMessage(sarif.NewTextMessage(words)))
			}
		}
		if f.Suppressed != "" {
			result.AddSuppression(sarif.NewSuppression().WithKind(suppressionKind(f)).WithJustification(f.Suppressed))
		}
		for _, fix := range f.Fixes {
			result.AddFixe(r.sarifFix(fix))
		}
		run.AddResult(result)
	}
	run.AddInvocation(r.invocation())
	run.WithOriginalUriBaseIds(map[string]sarif.ArtifactLocation{
		base: *sarif.NewArtifactLocation().WithDescription(sarif.NewTextMessage("The root of the checkout, or else the directory in which poollint was started.")),
	})
	if c := r.checkout; c.repository != "" {
		run.AddVersionControlProvenance(sarif.NewVersionControlDetails().
			WithRepositoryURI(c.repository).WithRevisionID(c.revision).WithBranch(c.branch).
			WithMappedTo(sarif.NewArtifactLocation().WithURIBaseID(base)))
	}
	log := sarif.NewReport()
	log.AddRun(run)
	return writeSet(w, log)
}

// number returns a version as a number, which SARIF wants and a build of a work tree has not.
func number(version string) string {
	if semver.IsValid(version) {
		return version[1:]
	}
	return "0.0.0-devel"
}

// writeSet writes a log without what is not set, for which the library writes -1, empty
// lists and objects.
func writeSet(w io.Writer, log *sarif.Report) error {
	var text bytes.Buffer
	if err := log.Write(&text); err != nil {
		return err
	}
	var tree any
	if err := json.Unmarshal(text.Bytes(), &tree); err != nil {
		return err
	}
	prune(tree)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(tree)
}

// prune drops what is not set from objects. A run without results has an empty list of them.
func prune(tree any) {
	switch tree := tree.(type) {
	case []any:
		for _, element := range tree {
			prune(element)
		}
	case map[string]any:
		for key, value := range tree {
			if unset(value) && key != "results" {
				delete(tree, key)
			}
			prune(value)
		}
	}
}

func unset(value any) bool {
	switch value := value.(type) {
	case []any:
		return len(value) == 0
	case map[string]any:
		return len(value) == 0
	case float64:
		return value == -1
	}
	return value == nil
}

// invocation returns the notes of the run, and whether all packages could be analysed.
func (r *Report) invocation() *sarif.Invocation {
	invocation := sarif.NewInvocation().WithExecutionSuccessful(len(r.Result.Failures) == 0)
	for _, n := range r.Result.Notes {
		invocation.AddToolExecutionNotification(sarif.NewNotification().
			WithLevel("note").
			WithMessage(sarif.NewTextMessage(r.place(n.Pos) + n.Text)))
	}
	for _, line := range Warnings(r.Dir, r.Result.Warnings) {
		invocation.AddToolConfigurationNotification(sarif.NewNotification().WithLevel("warning").WithMessage(sarif.NewTextMessage(line)))
	}
	return invocation
}

func suppressionKind(f finding.Located) string {
	if f.Suppressed == baselined {
		return "external"
	}
	return "inSource"
}

func text(s string) *sarif.MultiformatMessageString {
	return sarif.NewMultiformatMessageString().WithText(s)
}

func (r *Report) artifact(file string) *sarif.ArtifactLocation {
	return sarif.NewArtifactLocation().WithURI((&url.URL{Path: r.Path(file)}).String()).WithURIBaseID(base)
}

// location returns a place with its text and the lines around it. An end that is not known, or
// is where the place begins, is that of the line.
func (r *Report) location(pos, end token.Position) *sarif.Location {
	source := r.sources.of(pos.Filename)
	region := sarif.NewRegion().WithStartLine(pos.Line).WithStartColumn(source.column(pos))
	if end.IsValid() && end != pos {
		region.WithEndLine(end.Line).WithEndColumn(source.column(end))
	} else {
		end = token.Position{Line: pos.Line, Column: len(source.line(pos.Line)) + 1}
	}
	place := sarif.NewPhysicalLocation().WithArtifactLocation(r.artifact(pos.Filename)).WithRegion(region)
	if around := source.around(pos.Line, end.Line); around.text != "" {
		region.WithSnippet(content(around.between(source, pos, end)))
		if around.first < pos.Line || around.last > end.Line {
			place.WithContextRegion(sarif.NewRegion().WithStartLine(around.first).WithEndLine(around.last).WithSnippet(content(around.text)))
		}
	}
	return sarif.NewLocation().WithPhysicalLocation(place)
}

func content(text string) *sarif.ArtifactContent { return sarif.NewArtifactContent().WithText(text) }

func (r *Report) sarifFix(fix finding.Fix) *sarif.Fix {
	changes := map[string]*sarif.ArtifactChange{}
	out := sarif.NewFix().WithDescription(sarif.NewTextMessage(fix.Message))
	for _, edit := range fix.Edits {
		change := changes[edit.Path]
		if change == nil {
			change = sarif.NewArtifactChange().WithArtifactLocation(r.artifact(edit.Path))
			changes[edit.Path] = change
			out.AddArtifactChange(change)
		}
		source := r.sources.of(edit.Path)
		line, column := source.position(edit.Start)
		endLine, endColumn := source.position(edit.End)
		change.AddReplacement(sarif.NewReplacement().
			WithDeletedRegion(sarif.NewRegion().WithStartLine(line).WithStartColumn(column).WithEndLine(endLine).WithEndColumn(endColumn)).
			WithInsertedContent(content(edit.New)))
	}
	return out
}
