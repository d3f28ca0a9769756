package testdb

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// An Allowance is the number of sessions that one role can have in one database.
type Allowance struct {
	MaxConnections int    `json:"max_connections"`
	Reserved       int    `json:"reserved"` // that this role cannot have
	Role           string `json:"role"`
	RoleLimit      int    `json:"role_limit"`     // -1: none
	DatabaseLimit  int    `json:"database_limit"` // -1: none
}

// Usable is the number of sessions that the role can have if nobody else has any.
func (a Allowance) Usable() int {
	usable := a.MaxConnections - a.Reserved
	for _, limit := range []int{a.RoleLimit, a.DatabaseLimit} {
		if limit >= 0 {
			usable = min(usable, limit)
		}
	}
	return usable
}

// String says what the number of usable sessions follows from.
func (a Allowance) String() string {
	switch usable := a.Usable(); {
	case usable == a.RoleLimit:
		return "the limit of role " + a.Role
	case usable == a.DatabaseLimit:
		return "the limit of the database"
	default:
		return fmt.Sprintf("max_connections %d, %d reserved from role %s", a.MaxConnections, a.Reserved, a.Role)
	}
}

// ReadAllowance asks the server what it allows the connection's role. Superusers may have all slots, and the limits
// of roles and databases are not for them; members of pg_use_reserved_connections
// (PostgreSQL 16) may have those of reserved_connections.
func ReadAllowance(ctx context.Context, conn *pgx.Conn) (a Allowance, err error) {
	var superuser, privileged bool
	var forSuperusers, forPrivileged int
	err = conn.QueryRow(ctx, `
		select current_setting('max_connections')::int,
			current_setting('superuser_reserved_connections')::int,
			coalesce(current_setting('reserved_connections', true)::int, 0),
			rolname, rolsuper, rolconnlimit,
			coalesce((select pg_has_role(session_user, oid, 'usage') from pg_roles where rolname = 'pg_use_reserved_connections'), false),
			(select datconnlimit from pg_database where datname = current_database())
		from pg_roles where rolname = session_user`).
		Scan(&a.MaxConnections, &forSuperusers, &forPrivileged, &a.Role, &superuser, &a.RoleLimit, &privileged, &a.DatabaseLimit)
	switch {
	case superuser:
		a.RoleLimit, a.DatabaseLimit = -1, -1
	case privileged:
		a.Reserved = forSuperusers
	default:
		a.Reserved = forSuperusers + forPrivileged
	}
	return a, err
}
