package report

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/poollint/poollint/internal/regular"
)

// A baseline that never ends, or is larger than any, is refused unread.
func TestBaselineBounds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	large := filepath.Join(dir, "large")
	if err := errors.Join(os.WriteFile(large, nil, 0o666), os.Truncate(large, maxBaseline+1)); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]error{os.DevNull: regular.ErrNot, large: regular.ErrLarge} {
		if _, err := new(Report).ApplyBaseline(file, false); !errors.Is(err, want) {
			t.Errorf("%s: %v", file, err)
		}
	}
	many := filepath.Join(dir, "many")
	if err := os.WriteFile(many, []byte(`{"version": 2, "findings": [{}`+strings.Repeat(",{}", maxKnown)+"]}"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := new(Report).ApplyBaseline(many, false); err == nil || !strings.Contains(err.Error(), "at most") {
		t.Errorf("%d findings: %v", maxKnown+1, err)
	}
}
