// Package config holds the settings of a run: .poollint.yml, its defaults and
// the flags that override it.
//
// The struct tags describe the keys: decoding, the JSON Schema, docs/configuration.md and
// the file that `poollint init` writes are all made from them.
package config

import "time"

// Config is the content of .poollint.yml. The zero value is not useful; start
// from Default.
type Config struct {
	Pool   Pool   `yaml:"pool" doc:"Pools and connections that tests open: newpool, missingcleanup, poollimit, parallelpool."`
	Slug   Slug   `yaml:"slug" doc:"Tenant names in tests: genericslug."`
	Tenant Tenant `yaml:"tenant" doc:"Tenants in queries: tenantfilter."`
	API    API    `yaml:"api" doc:"Rows added to the catalogue of database libraries."`

	// Files reads files of the module that are not Go source, such as migrations.
	Files *Files `yaml:"-"`

	source string // what the settings were read from
}

// Pool configures newpool, missingcleanup, poollimit and parallelpool.
type Pool struct {
	MaxConns       int           `yaml:"max_conns" min:"1" max:"10000" doc:"Most connections that a pool opened by a test may take."`
	ConnectTimeout time.Duration `yaml:"connect_timeout" doc:"Connect timeout that fixes insert."`
	Helpers        []string      `yaml:"helpers" form:"function" doc:"Functions that return the shared pool, as import/path.Func."`
	SelfTest       bool          `yaml:"self_test" doc:"The module is itself a database driver or tool, whose tests open pools on purpose: newpool is off, and parallelpool does not report openers."`
	EnvFiles       []string      `yaml:"env_files" form:"file" doc:"Files that hold the DSNs of the tests, relative to the module root; .env.test and similar files need not be listed."`
}

// Slug configures genericslug.
type Slug struct {
	Words []string `yaml:"words" form:"name" doc:"Generic words, besides the built-in ones."`
	Names []string `yaml:"names" form:"part" doc:"Parts of names that mean a tenant, besides the built-in ones."`
}

// Tenant configures tenantfilter.
type Tenant struct {
	Column       string              `yaml:"column" form:"name" doc:"Column that holds the tenant."`
	Columns      map[string][]string `yaml:"columns" form:"name" doc:"By table, its tenant columns in order of preference, where they differ from column."`
	Root         []string            `yaml:"root" form:"name" doc:"The tables that list the tenants themselves."`
	SharedTables []string            `yaml:"shared_tables" form:"name" doc:"Tables whose rows belong to all tenants."`
	Schema       []string            `yaml:"schema" form:"file" doc:"Files, directories and patterns with the DDL, relative to the module root; what a pattern finds in several directories is a database for each. If empty, they are searched for."`
	Scopers      []string            `yaml:"scopers" form:"function" doc:"Functions, methods and types that add the tenant predicate to a query, as import/path.Func or (import/path.Type).Method."`
	StrictJoins  bool                `yaml:"strict_joins" doc:"Every table of a join needs a predicate on its own tenant column; a join by keys does not suffice."`
	Level        string              `yaml:"level" enum:"unrestricted,by-parent,by-id,unseen" doc:"The mildest tier that fails the run; the tiers before it do too."`
	ByDesign     string              `yaml:"by_design" enum:"info,error" doc:"What statements are that seem meant for all tenants' rows: claims of jobs with SKIP LOCKED, sweeps by age, commands run by hand, what only timers, metrics and workers run."`
	RLS          string              `yaml:"rls" enum:"ignore,trust" doc:"Whether row-level security counts as the tenant predicate."`
	ExemptNames  []string            `yaml:"exempt_names" form:"glob" doc:"Patterns of function names, such as *AllTenants, whose queries may cross tenants."`
	ExemptPaths  []string            `yaml:"exempt_paths" form:"glob" doc:"Patterns of file paths, relative to the module root, whose queries may cross tenants."`
}

// API adds rows to the catalogue of database libraries.
type API struct {
	Openers []string `yaml:"openers" form:"function" doc:"Functions that open a pool or a connection, as import/path.Func or (import/path.Type).Method."`
	Queries []string `yaml:"queries" form:"query" doc:"Functions and methods that take SQL, as import/path.Func:N or (import/path.Type).Method:N, N being the index of the SQL argument, from 0."`
}

// Default returns the settings of a run without a configuration file.
func Default() *Config {
	return &Config{
		Pool:   Pool{MaxConns: 3, ConnectTimeout: 5 * time.Second},
		Tenant: Tenant{Column: "tenant_id", Level: "unrestricted", ByDesign: "info", RLS: "ignore"},
	}
}
