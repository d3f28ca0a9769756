package config

import (
	"reflect"

	"golang.org/x/tools/go/analysis"
)

// Analyzer hands the configuration of the analysed module to the rules: its
// result is a *Config.
var Analyzer = &analysis.Analyzer{
	Name:       "poollintconfig",
	Doc:        "read the poollint configuration of the module",
	Run:        run,
	ResultType: reflect.TypeFor[*Config](),
}

func run(*analysis.Pass) (any, error) { return Default(), nil }
