package lsp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/finding"
)

// Settings are what a client may set, as initializationOptions or in the section poollint of its
// configuration.
type Settings struct {
	Rules       string           `json:"rules"`       // as -rules
	Tags        string           `json:"tags"`        // as -tags
	Severity    finding.Severity `json:"severity"`    // the mildest that is told
	Diagnostics delivery         `json:"diagnostics"` // read once, at the start
}

// A delivery is how diagnostics reach the client: sent whenever they change, or when it asks.
// Clients that can ask show what is sent beside it, so that there is one way at a time.
type delivery string

const (
	push delivery = "push"
	pull delivery = "pull"
)

// severities are the levels of diagnostics, from the one that matters most.
var severities = []finding.Severity{finding.Error, finding.Warning, finding.Info}

// level returns a severity as the protocol counts.
func level(s finding.Severity) int { return slices.Index(severities, s) + 1 }

// with returns the settings with those of a JSON object laid over them; as they are, with the
// error, if it has a mistake.
func (s Settings) with(object json.RawMessage) (Settings, error) {
	if len(object) == 0 || string(object) == "null" {
		return s, nil
	}
	next := s
	decoder := json.NewDecoder(bytes.NewReader(object))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&next); err != nil {
		return s, fmt.Errorf("settings: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	if !slices.Contains(severities, next.Severity) {
		return s, fmt.Errorf("settings: severity %q: must be error, warning or info", next.Severity)
	}
	if next.Diagnostics != push && next.Diagnostics != pull {
		return s, fmt.Errorf("settings: diagnostics %q: must be push or pull", next.Diagnostics)
	}
	return next, nil
}
