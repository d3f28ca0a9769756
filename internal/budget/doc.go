// Package budget adds up the connections that the tests of a module may take at
// once: the command "poollint budget".
//
// A pool's cap is its explicit limit, else its library's default. The peak of a
// test binary is what it opens once a process, what its tests leak (a leak counts
// for every time it happens), and the larger of what one serial test and what the
// parallel tests that run at once open. Of the arms of one branch, and of suites that are run
// in such, the one counts that needs most. The peak of a run is that of the -p
// largest binaries. All is counted by server, and twice: with every pool full and
// with one connection in each.
package budget
