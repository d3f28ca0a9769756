// Package budget bounds the connections that the tests of a module may have open at
// once: the command "poollint budget".
//
// What a run of a function needs is a demand (demand.go): a tree in the shape of the code, of
// pools that are open together and of subtests and calls that end what they open. A builder
// (read.go) makes one of each function, of what its calls need (call.go), until when it is open (fate.go)
// and how often loops open it (rounds.go); suites, specs and testpool have files of their own. Facts carry
// demands to the packages that call the function. A planner (plan.go) adds up what runs at once.
//
// It is strict, where the rules are lenient: what is not certain to be limited, closed or
// counted has no bound, and a reason says so.
package budget
