package watch

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// A plan is how to run a command such that packages and tests can be distinguished.
type plan struct {
	command []string // what to run
	goflags string   // its GOFLAGS
	events  bool     // it prints events of go test -json
	asked   bool     // the user asked for the events, so they are printed as they are
	verbose bool     // the user asked for the output of all tests
	notes   []string // what the report will lack, and why
}

// newPlan adds to a command what watching needs. GOFLAGS affect every go test, also one
// that another program such as make starts. Only a go test in the command itself gets
// -json, since other programs may not expect events.
func newPlan(command []string, goflags, program, run string) plan {
	p := plan{command: command, goflags: goflags}
	given := flagNames(strings.Fields(goflags))
	if at := afterGoTest(command); at > 0 {
		maps.Copy(given, flagNames(command[at:]))
		p.events = true
		p.asked = given["json"]
		p.verbose = given["v"] || given["bench"]
		if !p.asked {
			p.command = slices.Insert(slices.Clone(command), at, "-json")
		}
	} else {
		p.notes = append(p.notes, "the command is not go test: the tests at the peak cannot be named")
	}
	if !given["count"] {
		p.addFlag("-count=1") // a cached result opens no connection
	}
	switch {
	case given["exec"]:
		p.notes = append(p.notes, "-exec is in use: packages cannot be told apart")
	case program == "":
		p.notes = append(p.notes, "this program's path cannot be given to -exec: packages cannot be told apart")
	default:
		p.addFlag(fmt.Sprintf(`'-exec="%s" watch %s %s'`, program, execArgument, run))
	}
	return p
}

func (p *plan) addFlag(flag string) {
	p.goflags = strings.TrimSpace(p.goflags + " " + flag)
}

// flagNames returns the names of the flags among go test's arguments, up to -args.
func flagNames(args []string) map[string]bool {
	names := map[string]bool{}
	for _, arg := range args {
		name, isFlag := strings.CutPrefix(strings.Trim(arg, `'"`), "-")
		name, value, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(name, "-"), "test."), "=")
		if isFlag && name == "args" {
			break
		}
		if isFlag && value != "false" {
			names[name] = true
		}
	}
	return names
}

// afterGoTest returns the index after "go test" or "go -C dir test", which may follow words
// such as "env A=1" or "nice".
func afterGoTest(command []string) int {
	for i, arg := range command {
		if name := strings.TrimSuffix(filepath.Base(arg), ".exe"); name != "go" {
			continue
		}
		rest := command[i+1:]
		skipped := 0
		if len(rest) > 2 && strings.TrimLeft(rest[0], "-") == "C" {
			skipped = 2
		} else if len(rest) > 1 && strings.HasPrefix(strings.TrimLeft(rest[0], "-"), "C=") {
			skipped = 1
		}
		if len(rest) > skipped && rest[skipped] == "test" {
			return i + 1 + skipped + 1
		}
	}
	return 0
}
