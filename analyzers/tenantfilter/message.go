package tenantfilter

import (
	"fmt"
	"strings"

	"github.com/poollint/poollint/internal/byid"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/enthook"
	"github.com/poollint/poollint/internal/finding"
	"github.com/poollint/poollint/internal/schema"
	"github.com/poollint/poollint/internal/tenancy"
	"github.com/poollint/poollint/internal/upkeep"
)

// unpinned says that a statement reaches rows of other tenants.
type unpinned struct {
	Verb      string // what the statement does, see verbOf
	Query     string // its name; may be empty
	Table     string
	More      int    // other tables that the program may put in its place
	Column    string // of the table, with the tenant
	Add       string // the predicate that pins the table; may be empty
	Tier      tenancy.Tier
	Reason    tenancy.Reason
	Sometimes bool   // it depends on a condition of the program whether it is pinned
	Across    string // what shows that it is meant for the rows of all tenants
	RunBy     []upkeep.Caller
	Method    method
	Before    outcome
	Guards    guards
	Hooked    enthook.Target
	ByRow     string // the method, if it writes a row by its key and takes no condition
}

// vouched reports whether all callers load the row for its tenant first, or have it from a
// function out of sight.
func (o outcome) vouched() bool { return o.known() && o.Without == "" }

func (o outcome) known() bool { return o.Loaded || o.Holder != "" }

// earlier names what limits the rows.
func (o outcome) earlier() string {
	switch {
	case !o.Loaded:
		return "the row that " + o.Holder + " returns"
	case o.Earlier == "":
		return "an earlier query"
	case o.Earlier == byid.Returned:
		return "a comparison of " + o.Earlier
	case o.Earlier == byid.Later:
		return o.Earlier
	case o.Asked:
		return "the earlier check " + o.Earlier
	}
	return "the earlier query " + o.Earlier
}

func (u unpinned) Message() string {
	subject := u.Verb
	if u.Query != "" {
		subject += " " + u.Query
	}
	problem, remedy := u.problem()
	return fmt.Sprintf("%s on %q%s %s: %s (%s)", subject, u.Table, others(u.More), problem, remedy, u.Tier)
}

// others counts further tables.
func others(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return " or another table"
	}
	return fmt.Sprintf(" or %d other tables", n)
}

// Group names the table.
func (u unpinned) Group() string { return fmt.Sprintf("table %q", u.Table) }

// problem returns what is wrong, and the remedy.
func (u unpinned) problem() (problem, remedy string) {
	remedy = fmt.Sprintf("add %q", u.Add)
	if u.ByRow != "" {
		remedy = fmt.Sprintf("%s takes no condition, write it with one that has %q", u.ByRow, u.Add)
	}
	switch {
	case u.Across != "":
		across := u.Across
		u.Across = ""
		_, remedy = u.problem()
		return "is across tenants by design, as it " + across, "if it is not, " + remedy
	case u.Tier == uncalled:
		return "is called by nobody", "remove it, or " + remedy
	case (u.Sometimes || u.Reason == tenancy.OptionalFilter) && u.Before.known():
		problem := "is limited to a tenant only if its caller gives one"
		if u.Before.Without != "" {
			return problem + fmt.Sprintf(", and %s does not", u.Before.Without), remedy + " on every path"
		}
		return problem + ", as all do", remedy + " on every path"
	case u.Sometimes:
		return "is limited to a tenant only on a condition", remedy + " on every path"
	case u.Reason == tenancy.OptionalFilter:
		return "is limited to a tenant only if its caller wants it", remedy + " without a way around it"
	case u.Reason == tenancy.WrongOr:
		return "leaves the tenant out in a branch of OR", remedy + " and put the OR in parentheses"
	case u.Reason == tenancy.MissingColumn:
		return "leaves the tenant out", fmt.Sprintf("set %q", u.Column)
	case u.Reason == tenancy.ConflictTarget && u.Add != "":
		return "can overwrite another tenant's row", fmt.Sprintf("add %q to DO UPDATE", "WHERE "+u.Add)
	case u.Reason == tenancy.ConflictTarget:
		return "can overwrite another tenant's row", fmt.Sprintf("add %q to the target of ON CONFLICT", u.Column)
	case u.Reason == tenancy.UnmatchedRows:
		return "changes rows of every tenant that its source does not match", fmt.Sprintf("test %q in WHEN NOT MATCHED BY SOURCE", u.Column)
	case u.Add == "":
		return "takes the tenant from rows that are not limited to one", fmt.Sprintf("limit the query that gives %q", u.Column)
	case u.Tier == tenancy.Unseen:
		return "shows no tenant", "its condition is made at run time; " + remedy + " where it is written"
	case u.Before.vouched():
		return fmt.Sprintf("is limited by %s alone", u.Before.earlier()), remedy
	case u.Before.known():
		return fmt.Sprintf("is limited by %s alone, and %s does not load it with its tenant first", u.Before.earlier(), u.Before.Without), remedy
	}
	return "is not limited to a tenant", remedy
}

// misplaced says that a setting does not hold where it is needed, or longer.
type misplaced struct {
	Setting string
	Until   scope
	On      dbapi.Kind // what runs it
}

func (m misplaced) Message() string {
	const remedy = "set it for a transaction, with the queries in it"
	switch {
	case m.Until == transaction && m.On == dbapi.Pool:
		return fmt.Sprintf("setting %q for a transaction has no effect on a pool: set it and run the queries in one transaction", m.Setting)
	case m.Until == transaction:
		return fmt.Sprintf("setting %q for a transaction has no effect outside of one: begin it first, and run the queries in it", m.Setting)
	case m.On == dbapi.Pool:
		return fmt.Sprintf("setting %q on a pool stays with a connection that others borrow: %s", m.Setting, remedy)
	case m.On == dbapi.Tx:
		return fmt.Sprintf("setting %q outlives the transaction on a connection that others borrow: set it with SET LOCAL or set_config(…, true)", m.Setting)
	}
	return fmt.Sprintf("setting %q stays with the connection when others borrow it: %s, or reset it before the release", m.Setting, remedy)
}

const (
	noteWithoutReason finding.Text = "the note gives no reason and silences nothing; write -- poollint:ignore tenantfilter -- reason"
	unusedNote        finding.Text = "the note silences no finding of tenantfilter; remove it"
)

// The notes about what is not judged, and the reasons for queries that are not read.
const (
	manyPieces     = "the text of a query has too many pieces: it is not judged in full"
	largeStatement = "a statement is too large to be judged"
	partNotJudged  = "part of a query is not judged: " // and the reader's reason
	notJudged      = "a query is not judged: "         // and the reason

	untrusted = "row-level security limits %d of %s with a tenant, and is not counted; if the program runs as a role that it binds, write it in .poollint.yml: tenant: {rls: trust}"

	tooLarge    = "the statement is too large to judge"
	partUnread  = "part of the SQL could not be read"
	tableUnread = "the name of the table is put in at run time"
)

// String says why nothing is judged, and the line of the configuration that would
// change it.
func (o outlook) String() string {
	judges := "tenantfilter judges none of " + plural(o.Queries, "query", "queries") + ": "
	tables := plural(o.Tables, "table", "tables")
	switch {
	case len(o.Schema) > 0:
		return judges + "no table is known: there is no CREATE TABLE in what tenant.schema names, " + strings.Join(o.Schema, ", ")
	case o.Tables == 0:
		return judges + "no table is known, as no DDL was found where it usually stands, and no model; name the DDL in .poollint.yml: tenant: {schema: [db/schema.sql]}; where it stands outside of the module, keep a dump of it inside (pg_dump --schema-only)"
	case o.Configured != "":
		judges += fmt.Sprintf("tenant.column is %s, and none of %s has it", o.Configured, tables)
	case len(o.Near) == 0:
		return judges + fmt.Sprintf("no column of %s is named like a tenant; if one holds the tenant, write it in .poollint.yml: tenant: {column: NAME}; if there are no tenants, leave the rule out: -rules -tenantfilter", tables)
	default:
		judges += fmt.Sprintf("no column of %s is surely the tenant's", tables)
	}
	if len(o.Near) == 0 {
		return judges
	}
	return judges + fmt.Sprintf(" (%s); if one is, write it in .poollint.yml: tenant: {column: %s}", listNear(o.Near), o.Near[0].Column)
}

// listNear names the columns with the tables that have them, the likeliest first.
func listNear(near []schema.Near) string {
	const most = 4
	var parts []string
	for i, n := range near {
		if i == most {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, n.Column+": "+n.Why)
	}
	return strings.Join(parts, "; ")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
