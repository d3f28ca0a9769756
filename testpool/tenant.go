package testpool

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// maxSlug is what a host name's label and a PostgreSQL identifier allow.
const maxSlug = 63

// Slug returns a new slug at every call, readable and unique to package, test and
// run, such as "billing-refund-twice-3kq7x1-2". It has at most 63 characters of
// a-z, 0-9 and "-" and begins with a letter: fit for a tenant's slug, a subdomain,
// the local part or the domain of an e-mail address, a file or a queue.
func Slug(t testing.TB) string {
	return makeSlug(t.Name(), maxSlug)
}

// Tenant returns the slug of the test's own tenant: the same at each call in one
// test, and never another test's. Subtests are tests. For a second tenant, take a [Slug].
func Tenant(t testing.TB) string {
	slug, known := tenants.Load(t)
	if !known {
		slug, known = tenants.LoadOrStore(t, Slug(t))
		if !known {
			t.Cleanup(func() { tenants.Delete(t) })
		}
	}
	return slug.(string)
}

var (
	tenants sync.Map // from a testing.TB to its slug
	run     = strings.ToLower(rand.Text()[:6])
	slugs   atomic.Int64
)

// makeSlug joins package, test, run and a counter, and shortens the first two to fit.
func makeSlug(test string, limit int) string {
	suffix := "-" + run + "-" + strconv.FormatInt(slugs.Add(1), 36)
	name := slugWords(binaryName() + "-" + strings.TrimPrefix(test, "Test"))
	if name == "" || name[0] < 'a' {
		name = "t-" + name
	}
	name = strings.TrimRight(name[:min(len(name), limit-len(suffix))], "-")
	return name + suffix
}

// slugWords makes "billing-refund-twice" of "billing-Refund/twice".
func slugWords(s string) string {
	var b strings.Builder
	var last rune
	for _, r := range s {
		switch upper := r >= 'A' && r <= 'Z'; {
		case upper && last >= 'a' && last <= 'z':
			fmt.Fprintf(&b, "-%c", r)
		case upper || r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && last != '-':
			b.WriteRune('-')
			r = '-'
		default:
			r = last
		}
		last = r
	}
	return strings.Trim(strings.ToLower(b.String()), "-")
}

// binaryName is the package's name: go test calls the binary of package billing "billing.test".
func binaryName() string {
	name := filepath.Base(os.Args[0])
	return strings.TrimSuffix(strings.TrimSuffix(name, ".exe"), ".test")
}
