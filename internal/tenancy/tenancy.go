// Package tenancy decides whether every reference of a statement to a table of
// tenants' rows is pinned to one tenant. It is a pure function of the statement,
// the schema and the options.
//
// The statement becomes facts about columns: two are equal, one equals a value from
// outside, one is the output of a subquery. Each fact belongs to a condition, and
// conditions form a tree: the facts of a LEFT JOIN, a subquery or a branch of OR hold
// within it only, those of the conditions around it hold there too. A solver then
// spreads pins along the facts until nothing changes.
package tenancy

import (
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/sqlast"
)

// Options change what counts as pinned.
type Options struct {
	// StrictJoins wants the tenant column on every table: keys spread no pins.
	StrictJoins bool

	// Placeholder stands for the tenant in Verdict.Add; "$n" if empty. ":" and "@" go in
	// front of the column's name.
	Placeholder string

	// Unread: the program reads nothing of what is selected, but whether there is any.
	Unread bool

	// Work is the budget that several statements share, in steps of a few nanoseconds;
	// Judge subtracts what it uses. A statement that exceeds it gets the reason TooLarge.
	// If Work is nil, each statement has a budget of its own.
	Work *int
}

func (o Options) placeholder(column string) string {
	switch o.Placeholder {
	case "":
		return "$n"
	case ":", "@":
		return o.Placeholder + column
	}
	return o.Placeholder
}

// Tier says how a row of another tenant can be reached, from the gravest.
type Tier string

// The tiers.
const (
	Unrestricted Tier = "unrestricted" // by anyone who runs the statement
	ByParent     Tier = "by-parent"    // by another table's id
	ByID         Tier = "by-id"        // by its own primary key
	Unseen       Tier = "unseen"       // the predicate may stand in a hole
)

// Reason says why a reference is not pinned.
type Reason uint8

// The reasons.
const (
	NotPinned      Reason = iota
	OptionalFilter        // a test that the caller can switch off: $1 IS NULL OR tenant_id = $1
	WrongOr               // a branch of OR leaves the tenant out
	MissingColumn         // INSERT without the tenant column
	ConflictTarget        // ON CONFLICT … DO UPDATE by a key without the tenant
	UnmatchedRows         // MERGE … NOT MATCHED BY SOURCE changes rows of every tenant
	TooLarge              // the statement is beyond the limits
)

// A Verdict is about one reference to a table of tenants' rows.
type Verdict struct {
	Table  *schema.Table
	Ref    *sqlast.TableRef
	Column string // the tenant column that the predicate tests
	Write  bool   // the statement changes the table's rows
	Pinned bool
	Shared bool // pinned, or else everybody's as a flag says: enough to read the rows, not to change them

	// FoundBy is the value by which one row is found, pinned or of tier ByID, or the rows of
	// tier ByParent, where one comparison shows it; else nil.
	FoundBy sqlast.Expr

	// Within is the value that the key to the row's owner is compared with, of tier ByParent
	// another such key than that of FoundBy: of a link's row.
	Within sqlast.Expr

	// The rest is set unless Pinned.
	Tier   Tier
	Reason Reason
	Add    string // the predicate that pins it: `i.tenant_id = $n`; empty for INSERT

	// Secret: the row is found by a secret of its own, which only its tenant has.
	Secret bool

	// Leader is the index of the verdict whose predicate pins this one too;
	// the verdict's own index if it needs its own.
	Leader int

	// Purpose says why the statement may be meant for the rows of all tenants.
	Purpose Purpose

	// Scope is the SELECT, UPDATE, DELETE or MERGE whose WHERE lacks the predicate;
	// nil for INSERT.
	Scope sqlast.Node
}

// Limits on what is judged, so that no statement takes long.
const (
	maxColumns = 2000
	maxCells   = 400_000 // columns times conditions
	maxDepth   = 100     // of queries in queries
	maxWork    = 30_000_000
)

// Judge returns a verdict for every reference of the statement to a table that
// has a tenant column, in the order in which the statement is read.
func Judge(stmt sqlast.Stmt, db *schema.Database, opts Options) []Verdict {
	b := builder{db: db, opts: opts, left: maxWork, known: map[member]answer{}, choices: map[chosen]value{}}
	if opts.Work != nil {
		b.left = min(b.left, *opts.Work)
		before := b.left
		defer func() { *opts.Work -= before - max(b.left, 0) }()
	}
	b.statement(stmt)
	if len(b.judged) == 0 {
		return nil
	}
	all := b.verdicts()
	for i := range all {
		all[i].Shared = b.shared && all[i].Pinned
	}
	return all
}
