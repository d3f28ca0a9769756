package testpool

import (
	"regexp"
	"strings"
	"testing"
)

func TestTenantIsTheTestsOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{Tenant(t): true}
	if !seen[Tenant(t)] {
		t.Error("a second call returned another tenant")
	}
	for range 2 {
		t.Run("sub", func(t *testing.T) {
			if seen[Tenant(t)] {
				t.Errorf("%s is another test's", Tenant(t))
			}
			seen[Tenant(t)] = true
		})
	}
}

func TestSlugIsReadable(t *testing.T) {
	t.Parallel()
	valid := regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	for test, want := range map[string]string{
		"TestRefund":               "testpool-refund-",
		"TestRefundTwice":          "testpool-refund-twice-",
		"TestRefund/after_a_week":  "testpool-refund-after-a-week-",
		"Test_HTTPServer/ÄÖ/#01":   "testpool-httpserver-01-",
		"BenchmarkRefund":          "testpool-benchmark-refund-",
		strings.Repeat("Test", 99): "testpool-",
	} {
		first, second := Slug(&fakeT{name: test}), Slug(&fakeT{name: test})
		if first == second {
			t.Errorf("two calls returned %s", first)
		}
		if !strings.HasPrefix(first, want) || !valid.MatchString(first) || len(first) > maxSlug {
			t.Errorf("slug of %s: %s (%d characters), want %s…", test, first, len(first), want)
		}
	}
}
