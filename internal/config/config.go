// Package config holds the settings of a run: .poollint.yml, its defaults and
// the flags that override it.
package config

import "time"

// Config is the content of .poollint.yml. The zero value is not useful; start
// from Default.
type Config struct {
	Pool   Pool   `yaml:"pool"`
	Slug   Slug   `yaml:"slug"`
	Tenant Tenant `yaml:"tenant"`
	API    API    `yaml:"api"`
}

// Pool configures newpool, missingcleanup, poollimit and parallelpool.
type Pool struct {
	MaxConns       int           `yaml:"max_conns"`       // most connections that a test pool may take
	ConnectTimeout time.Duration `yaml:"connect_timeout"` // what the fixes put in
	Helpers        []string      `yaml:"helpers"`         // functions that return the shared pool: "import/path.Func"
	SelfTest       bool          `yaml:"self_test"`       // the tree is itself a driver or database tool: newpool is off
	EnvFiles       []string      `yaml:"env_files"`       // files whose DSNs tests use, relative to the module root
}

// Slug configures genericslug.
type Slug struct {
	Words []string `yaml:"words"` // generic words, besides the built-in list
	Names []string `yaml:"names"` // parts of names that mean a tenant, besides the built-in list
}

// Tenant configures tenantfilter.
type Tenant struct {
	Column       string              `yaml:"column"`        // tenant column; "tenant_id" unless set
	Columns      map[string][]string `yaml:"columns"`       // by table: its tenant columns, in order of preference
	Root         []string            `yaml:"root"`          // the tenants tables themselves
	SharedTables []string            `yaml:"shared_tables"` // tables that belong to all tenants
	Schema       []string            `yaml:"schema"`        // files and directories with DDL; found when empty
	Scopers      []string            `yaml:"scopers"`       // functions, methods and types that add the predicate
	StrictJoins  bool                `yaml:"strict_joins"`  // every alias must carry the tenant column
	Level        string              `yaml:"level"`         // least tier that fails the run
	RLS          string              `yaml:"rls"`           // "trust" or "ignore"
	ExemptNames  []string            `yaml:"exempt_names"`  // patterns of function names
	ExemptPaths  []string            `yaml:"exempt_paths"`  // patterns of file paths
}

// API adds rows to the catalogue of database libraries.
type API struct {
	Openers []string `yaml:"openers"` // "import/path.Func" or "(import/path.Type).Method"
	Queries []string `yaml:"queries"` // "import/path.Func:N", N the index of the SQL argument
}

// Default returns the settings of a run without a configuration file.
func Default() *Config {
	return &Config{
		Pool:   Pool{MaxConns: 3, ConnectTimeout: 5 * time.Second},
		Tenant: Tenant{Column: "tenant_id", Level: "unrestricted", RLS: "ignore"},
	}
}
