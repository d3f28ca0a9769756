package driver

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/directive"
	"github.com/poollint/poollint/internal/finding"
)

func TestReal(t *testing.T) {
	dir := os.Getenv("REAL")
	if dir == "" {
		t.Skip()
	}
	noop := &analysis.Analyzer{Name: "noop", Doc: "x", Requires: []*analysis.Analyzer{config.Analyzer, directive.Analyzer},
		ResultType: reflect.TypeFor[*finding.Result](), Run: func(p *analysis.Pass) (any, error) { return &finding.Result{}, nil }}
	start := time.Now()
	res, err := Run(context.Background(), Options{Dir: dir, Patterns: strings.Fields(os.Getenv("PAT")), Tests: true, Load: Load(os.Getenv("LOAD")), Rules: []finding.Rule{{Analyzer: noop}}, Libraries: dbapi.Packages(), Tags: os.Getenv("TAGS")})
	var ru syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &ru)
	fmt.Println("wall", time.Since(start).Round(time.Millisecond), "peak MiB", ru.Maxrss/1024)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("listed", len(res.Listed), "analysed", len(res.Analysed), "failures", len(res.Failures), "skipped", res.Skipped)
	for _, f := range res.Failures[:min(10, len(res.Failures))] {
		fmt.Println(" ", f)
	}
}
