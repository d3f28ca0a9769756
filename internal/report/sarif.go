package report

import (
	"io"
	"net/url"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/ruledoc"
)

// sarifLevel names severities as SARIF does.
var sarifLevel = map[finding.Severity]string{
	finding.Error:   "error",
	finding.Warning: "warning",
	finding.Info:    "note",
}

// writeSARIF writes a SARIF 2.1.0 log: the rules with their pages, and the
// findings with fingerprints, suppressions and fixes.
func writeSARIF(w io.Writer, r *Report) error {
	driver := sarif.NewToolComponent().
		WithName("poollint").
		WithInformationURI("https://github.com/poollint/poollint").
		WithVersion(r.Version)
	index := map[string]int{}
	for i, rule := range r.Rules {
		index[rule.Name] = i
		driver.AddRule(sarif.NewReportingDescriptor().
			WithID(rule.Name).
			WithHelpURI(rule.URL).
			WithShortDescription(text(ruledoc.Summary(rule))).
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
			AddLocation(sarif.NewLocation().WithPhysicalLocation(sarif.NewPhysicalLocation().
				WithArtifactLocation(r.artifact(f.Pos.Filename)).
				WithRegion(r.region(f))))
		if f.Suppressed != "" {
			result.AddSuppression(sarif.NewSuppression().WithKind(suppressionKind(f)).WithJustification(f.Suppressed))
		}
		for _, fix := range f.Fixes {
			result.AddFixe(r.sarifFix(fix))
		}
		run.AddResult(result)
	}
	run.AddInvocation(r.invocation())
	log := sarif.NewReport()
	log.AddRun(run)
	return log.PrettyWrite(w)
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
	if f.Suppressed == Baselined {
		return "external"
	}
	return "inSource"
}

func text(s string) *sarif.MultiformatMessageString {
	return sarif.NewMultiformatMessageString().WithText(s)
}

func (r *Report) artifact(file string) *sarif.ArtifactLocation {
	return sarif.NewArtifactLocation().WithURI((&url.URL{Path: r.checkoutPath(file)}).String()).WithURIBaseID("%SRCROOT%")
}

func (r *Report) region(f finding.Located) *sarif.Region {
	source := r.sources.of(f.Pos.Filename)
	region := sarif.NewRegion().WithStartLine(f.Pos.Line).WithStartColumn(source.column(f.Pos))
	if f.End.IsValid() {
		region.WithEndLine(f.End.Line).WithEndColumn(source.column(f.End))
	}
	return region
}

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
			WithInsertedContent(sarif.NewArtifactContent().WithText(edit.New)))
	}
	return out
}
