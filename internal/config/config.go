// Package config holds the settings of a run: .poollint.yml, its defaults and
// the flags that override it.
//
// The struct tags describe the keys: decoding, the JSON Schema, docs/configuration.md and
// the file that `poollint init` writes are all made from them.
package config

import (
	"reflect"
	"time"

	"github.com/poollint/poollint/internal/finding"
)

// Config is the content of .poollint.yml. The zero value is not useful; start
// from Default.
type Config struct {
	Pool   Pool   `yaml:"pool" doc:"Pools and connections that tests open: newpool, missingcleanup, poollimit, parallelpool."`
	Slug   Slug   `yaml:"slug" doc:"Tenant names in tests: genericslug."`
	Tenant Tenant `yaml:"tenant" doc:"Tenants in queries: tenantfilter."`
	API    API    `yaml:"api" doc:"Rows added to the catalogue of database libraries."`
	Rules  Rules  `yaml:"rules" doc:"What becomes of the findings of each rule."`

	// Files reads files of the module that are not Go source, such as migrations.
	Files *Files `yaml:"-"`

	file    string
	source  string             // what the settings were read from
	entries map[string][]Entry // of lists and mappings, by key
}

// Decided is how large a limit may be that somebody chose with care.
const Decided = 10

// Pool configures newpool, missingcleanup, poollimit and parallelpool.
type Pool struct {
	MaxConns       int           `yaml:"max_conns" min:"1" max:"10000" flag:"poollimit" doc:"Most connections that a pool opened by a test may take."`
	ConnectTimeout time.Duration `yaml:"connect_timeout" flag:"poollimit" doc:"Connect timeout that fixes insert."`
	Helpers        []string      `yaml:"helpers" form:"function" flag:"newpool" doc:"Functions that return the shared pool."`
	SelfTest       bool          `yaml:"self_test" flag:"newpool" doc:"The module is itself a database driver or tool, whose tests open pools on purpose: newpool is off, and parallelpool does not report openers."`
	EnvFiles       []string      `yaml:"env_files" form:"file" flag:"poollimit" doc:"Files that hold the DSNs of the tests; .env.test and similar files need not be listed."`
}

// Slug configures genericslug.
type Slug struct {
	Words []string `yaml:"words" form:"name" flag:"genericslug" doc:"Generic words, besides the built-in ones."`
	Names []string `yaml:"names" form:"part" flag:"genericslug" doc:"Parts of names that mean a tenant, besides the built-in ones."`
}

// Tenant configures tenantfilter.
type Tenant struct {
	Column       string              `yaml:"column" form:"name" flag:"tenantfilter" doc:"Column that holds the tenant."`
	Columns      map[string][]string `yaml:"columns" form:"table" flag:"tenantfilter" doc:"By table, its tenant columns in order of preference, where they differ from column."`
	Root         []string            `yaml:"root" form:"table" flag:"tenantfilter" doc:"The tables that list the tenants themselves."`
	SharedTables []string            `yaml:"shared_tables" form:"table" flag:"tenantfilter" doc:"Tables whose rows belong to all tenants."`
	Schema       []string            `yaml:"schema" form:"file" flag:"tenantfilter" doc:"Files, directories and patterns with the DDL; what a pattern finds in several directories is a database for each. If empty, they are searched for."`
	Scopers      []string            `yaml:"scopers" form:"function" flag:"tenantfilter" doc:"Functions, methods and types that add the tenant predicate to a query."`
	StrictJoins  bool                `yaml:"strict_joins" flag:"tenantfilter" doc:"Every table of a join needs a predicate on its own tenant column; a join by keys does not suffice."`
	Level        string              `yaml:"level" enum:"unrestricted,by-parent,by-id,unseen" flag:"tenantfilter" doc:"The mildest tier that fails the run; the tiers before it do too."`
	ByDesign     string              `yaml:"by_design" enum:"info,error" flag:"tenantfilter" doc:"What statements are that seem meant for all tenants' rows: claims of jobs with SKIP LOCKED, sweeps by age, commands run by hand, what only timers, metrics and workers run."`
	RLS          string              `yaml:"rls" enum:"ignore,trust" flag:"tenantfilter" doc:"Whether row-level security counts as the tenant predicate."`
	ExemptNames  []string            `yaml:"exempt_names" form:"name pattern" flag:"tenantfilter" doc:"Functions whose queries may cross tenants, by their names."`
}

// API adds rows to the catalogue of database libraries.
type API struct {
	Openers []string `yaml:"openers" form:"function" flag:"newpool" doc:"Functions that open a pool or a connection."`
	Queries []string `yaml:"queries" form:"query" flag:"tenantfilter" doc:"Functions and methods that take SQL, each with the index of the SQL argument, from 0."`
}

// Rules has what can be said of every rule, by its name.
type Rules struct {
	NewPool        Rule `yaml:"newpool" doc:"Tests that open a pool of their own."`
	MissingCleanup Rule `yaml:"missingcleanup" doc:"Handles that a test does not release."`
	PoolLimit      Rule `yaml:"poollimit" doc:"Pools of tests without a small limit."`
	ParallelPool   Rule `yaml:"parallelpool" doc:"Parallel tests that multiply pools or share rows."`
	GenericSlug    Rule `yaml:"genericslug" doc:"Generic tenant names that tests share."`
	TenantFilter   Rule `yaml:"tenantfilter" doc:"Queries that are not limited to one tenant."`
	Directive      Rule `yaml:"directive" doc:"Ignore comments without a reason or without use."`
}

// Rule configures one rule.
type Rule struct {
	Severity    string   `yaml:"severity" enum:"default,error,warning,info,off" doc:"What the rule's findings are that fail the run: info lets them fail nothing, off switches the rule off, default leaves them as they are."`
	ExemptPaths []string `yaml:"exempt_paths" form:"path pattern" doc:"Files that the rule leaves alone, and directories with all that is in them."`
}

// Off is the severity of a rule that does not run.
const Off = "off"

// Configured returns the severity in place of the rule's own ones, "" for none.
func (r Rule) Configured() finding.Severity {
	if r.Severity == "default" {
		return ""
	}
	return finding.Severity(r.Severity)
}

// Default returns the settings of a run without a configuration file.
func Default() *Config {
	rule := Rule{Severity: "default"}
	return &Config{
		Pool:   Pool{MaxConns: 3, ConnectTimeout: 5 * time.Second},
		Tenant: Tenant{Column: "tenant_id", Level: "unrestricted", ByDesign: "info", RLS: "ignore"},
		Rules: Rules{
			NewPool: rule, MissingCleanup: rule, PoolLimit: rule, ParallelPool: rule,
			GenericSlug: rule, TenantFilter: rule, Directive: rule,
		},
	}
}

// File returns the path of the file that the settings were read from, "" for none.
func (c *Config) File() string { return c.file }

// Rule returns the settings of the named rule.
func (c *Config) Rule(name string) Rule {
	rules := reflect.ValueOf(c.Rules)
	i, ok := fieldsOf(rules.Type())[name]
	if !ok {
		panic("config.Rules has no field for the rule " + name)
	}
	return rules.Field(i).Interface().(Rule)
}
