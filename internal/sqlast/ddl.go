package sqlast

type (
	// CreateTable is CREATE TABLE, also AS, PARTITION OF and foreign tables.
	CreateTable struct {
		Span
		Temporary   bool
		IfNotExists bool
		Table       QName
		Columns     []*ColumnDef // of CREATE TABLE t (a, b) AS …: names without types
		Constraints []*Constraint
		Like        []QName // LIKE other
		Inherits    []QName
		PartitionOf QName
		PartitionBy []Expr
		As          *Select // CREATE TABLE … AS query
		Holes       []*Hole // holes that stand for columns or clauses
	}

	// AlterTable is ALTER TABLE, and MySQL's RENAME TABLE (one statement a table).
	AlterTable struct {
		Span
		IfExists bool
		Table    QName
		Actions  []AlterAction
	}

	// Drop is DROP TABLE, DROP VIEW, DROP SCHEMA and so on.
	Drop struct {
		Span
		Kind     string // "table", "view", "materialized view", "index", "schema", "database", "type", "function" …
		IfExists bool
		Names    []QName
		On       QName // DROP INDEX … ON table, DROP TRIGGER … ON table
		Cascade  bool
	}

	// CreateIndex is CREATE [UNIQUE] INDEX.
	CreateIndex struct {
		Span
		Unique      bool
		IfNotExists bool
		Name        Name
		Table       QName
		Keys        []Expr
		Where       Expr
	}

	// CreateView is CREATE [MATERIALIZED] VIEW.
	CreateView struct {
		Span
		Materialized bool
		Temporary    bool
		Recursive    bool // the view's own name stands in its query
		View         QName
		Columns      []Name
		Query        *Select
	}

	// Policy is CREATE, ALTER or DROP POLICY.
	Policy struct {
		Span
		Verb        string // "create", "alter", "drop"
		Name        Name
		Table       QName
		Restrictive bool
		Command     string // "all", "select", "insert", "update", "delete"; "all" if not given
		Roles       []Name
		Using       Expr
		Check       Expr
		RenameTo    Name // ALTER POLICY … RENAME TO
	}

	// CreateSchema is CREATE SCHEMA or CREATE DATABASE.
	CreateSchema struct {
		Span
		Database    bool
		IfNotExists bool
		Name        Name
	}
)

// ColumnDef defines a column.
type ColumnDef struct {
	Span
	Name       Name
	Type       TypeName
	NotNull    bool // NOT NULL as written; PRIMARY KEY implies it too
	PrimaryKey bool
	Unique     bool
	Default    Expr
	Generated  Expr // GENERATED ALWAYS AS (expr)
	Numbers    bool // GENERATED … AS IDENTITY, AUTO_INCREMENT
	Check      Expr // the last of several
	References *Reference
}

// Reference is the table that a foreign key points to.
type Reference struct {
	Span
	Table   QName
	Columns []Name // empty: its primary key
	Cascade bool   // ON DELETE CASCADE
}

// Constraint is a constraint of a table, or a key of MySQL's CREATE TABLE.
type Constraint struct {
	Span
	Kind       ConstraintKind
	Name       Name
	Columns    []Name // keys that are plain columns, in order
	Exprs      []Expr // keys that are expressions (also of EXCLUDE)
	Check      Expr
	References *Reference
	UsingIndex Name // PRIMARY KEY USING INDEX name
}

// ConstraintKind is the kind of a constraint.
type ConstraintKind uint8

const (
	PrimaryKey ConstraintKind = iota + 1
	Unique
	ForeignKey
	Check
	Exclude
	NotNull // PostgreSQL 18: NOT NULL column
	Key     // MySQL: [FULLTEXT|SPATIAL] KEY|INDEX
)

// AlterAction is one action of ALTER TABLE.
type AlterAction struct {
	Span
	Kind       AlterKind
	IfExists   bool // IF EXISTS, IF NOT EXISTS
	Name       Name // the column, constraint, schema or new table name
	NewName    Name // of RenameColumn, RenameConstraint, ChangeColumn
	Table      QName
	Column     *ColumnDef  // AddColumn, ChangeColumn, ModifyColumn; AlterType has its Type, SetDefault its Default
	Constraint *Constraint // AddConstraint
	Cascade    bool
}

// AlterKind is what an action of ALTER TABLE does. The comment says which fields
// beside Column and Constraint hold it.
type AlterKind uint8

const (
	OtherAction      AlterKind = iota
	AddColumn                  // Name
	DropColumn                 // Name
	RenameColumn               // Name, NewName
	ChangeColumn               // Name, NewName (MySQL CHANGE)
	ModifyColumn               // Name (MySQL MODIFY)
	AlterType                  // Name
	SetNotNull                 // Name
	DropNotNull                // Name
	SetDefault                 // Name
	DropDefault                // Name
	RenameTable                // Table
	SetSchema                  // Name
	AddConstraint              // –
	DropConstraint             // Name; of MySQL also DROP FOREIGN KEY, DROP INDEX
	DropPrimaryKey             // – (MySQL)
	RenameConstraint           // Name, NewName
	EnableRLS                  // –
	DisableRLS                 // –
	ForceRLS                   // –
	NoForceRLS                 // –
	AttachPartition            // Table
	DetachPartition            // Table
	InheritTable               // Table
	NoInheritTable             // Table
)

func (*CreateTable) stmt()  {}
func (*AlterTable) stmt()   {}
func (*Drop) stmt()         {}
func (*CreateIndex) stmt()  {}
func (*CreateView) stmt()   {}
func (*Policy) stmt()       {}
func (*CreateSchema) stmt() {}
