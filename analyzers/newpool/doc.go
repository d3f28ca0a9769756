// Package newpool reports tests that open a database pool of their own.
package newpool
