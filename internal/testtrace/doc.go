// Package testtrace has the test binaries of go test say which tests run when, without a
// change to what they print.
//
// GOFLAGS gets -toolexec, so that poollint starts the tools of the go command. Where that links
// a test binary to run it and throw it away, the linker gets another archive of package
// testing: its own source with statements added to lines of it, which append to the file
// that the variable POOLLINT_TESTS names. All else, and what the go command's
// caches are keyed by, stays as it is: a cached result stays one.
//
// An archive is used only if it is proved to fit: the unchanged source has to compile to the
// very bytes that the linker was to get, and the changed one has to have the same fingerprint,
// by which packages that were compiled against it know it. Else the binary is linked as it would be.
package testtrace
