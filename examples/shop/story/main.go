// Command story tells in one go what poollint is for: it lints the bad tests of
// this shop, runs them against a server of 20 connections and watches them die;
// applies the fixes to a copy; and does the same to the good tests, which pass.
//
//	go run ./story
//
// It starts PostgreSQL servers of its own, and fails if the story is not as told.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"strings"
	"text/tabwriter"
	"time"
)

const (
	serverSize = "max_connections=20"
	usable     = 17  // without the server's reserve
	atOnce     = "2" // packages, whatever the machine
	goodPeak   = 10  // at most
)

func main() {
	log.SetFlags(0)
	pages := flag.String("pages", "", "`directory` for the pages of poollint watch")
	flag.Parse()
	if err := tell(*pages); err != nil {
		log.Fatal("story: ", err)
	}
}

// An outcome is what one suite's row of the table says.
type outcome struct {
	suite    string
	findings int
	fixed    int  // findings that are gone once the fixes are applied
	mended   bool // the tests pass then
	budget   budget
	watch    watched
	took     time.Duration
}

// watched is what is read of poollint watch's report.
type watched struct {
	Status  int                      `json:"status"`
	Seconds float64                  `json:"seconds"`
	Opened  int                      `json:"sessions_opened"`
	Total   struct{ Peak, Left int } `json:"total"`
	Refused struct{ Count int }      `json:"refused"`
}

func tell(pages string) error {
	tools, err := buildTools()
	if err != nil {
		return err
	}
	defer os.RemoveAll(tools.dir)

	bad := outcome{suite: "bad"}
	good := outcome{suite: "good"}
	for _, o := range []*outcome{&bad, &good} {
		if err := tools.judge(o, pages); err != nil {
			return err
		}
	}
	if err := printTable(bad, good); err != nil {
		return err
	}
	return check(bad, good)
}

// judge lints a suite, bounds its connections, runs it under poollint watch and, where there is something to fix, fixes a copy.
func (t tools) judge(o *outcome, pages string) error {
	packages := "./" + o.suite + "/..."
	findings, err := t.lint(".", packages)
	if err != nil {
		return err
	}
	o.findings = len(findings)
	section("poollint %s: %d findings", packages, len(findings))
	summarize(findings)

	if o.budget, err = t.budget(packages); err != nil {
		return err
	}
	verdict := "within"
	if o.budget.over() {
		verdict = "over"
	}
	section("poollint budget -p %s %s: %s, %s the server's %d", atOnce, packages, o.budget, verdict, usable)

	section("poollint watch -- go test -count=1 -p %s %s, on a server with %s", atOnce, packages, serverSize)
	start := time.Now()
	if o.watch, err = t.watch(o.suite, pages); err != nil {
		return err
	}
	o.took = time.Since(start)

	if o.findings > 0 {
		left, pass, err := t.fix(packages)
		if err != nil {
			return err
		}
		o.fixed, o.mended = o.findings-left, pass
		section("poollint -fix %s, on a copy: %d findings are gone, %d ask for a decision", packages, o.fixed, left)
	}
	return nil
}

// check tells whether all went as the story says.
func check(bad, good outcome) error {
	var wrong []string
	for claim, holds := range map[string]bool{
		"the bad suite has findings":                    bad.findings > 0,
		"most of them are fixed by -fix":                bad.fixed > bad.findings/2,
		"its tests pass then, package by package":       bad.mended,
		"its budget is over the server's size":          bad.budget.over(),
		"the budget of the good suite is not":           !good.budget.over(),
		"the bad suite fails":                           bad.watch.Status != 0,
		"the server refuses the bad suite":              bad.watch.Refused.Count > 0,
		"the good suite has no finding":                 good.findings == 0,
		"the good suite passes":                         good.watch.Status == 0,
		fmt.Sprintf("its peak is at most %d", goodPeak): good.watch.Total.Peak <= goodPeak,
		"it leaves no connection":                       good.watch.Total.Left == 0,
	} {
		if !holds {
			wrong = append(wrong, claim)
		}
	}
	if len(wrong) > 0 {
		return errors.New("not true: " + strings.Join(wrong, "; "))
	}
	return nil
}

func printTable(outcomes ...outcome) error {
	fmt.Println()
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "SUITE\tFINDINGS\tBUDGET\tPEAK\tSESSIONS\tREFUSED\tTIME\tGO TEST")
	for _, o := range outcomes {
		result := "ok"
		if o.watch.Status != 0 {
			result = "FAIL"
		}
		fmt.Fprintf(table, "%s\t%d\t%s\t%d\t%d\t%d\t%.1f s\t%s\n", o.suite, o.findings, o.budget,
			o.watch.Total.Peak, o.watch.Opened, o.watch.Refused.Count, o.watch.Seconds, result)
	}
	return table.Flush()
}

func section(format string, args ...any) { fmt.Printf("\n== "+format+"\n\n", args...) }
