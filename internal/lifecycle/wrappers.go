package lifecycle

import (
	"go/types"
	"regexp"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/poollint/poollint/internal/config"
	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
	"github.com/poollint/poollint/internal/testscope"
)

var (
	// making matches the names of functions that make something anew, makingDatabase those that
	// say that it is a database.
	making         = regexp.MustCompile(`^(?:Must)?(?:New|Create|Setup|SetUp|Start|Run|Make)(?:[A-Z]|$)`)
	makingDatabase = regexp.MustCompile(`^(?:Must)?Create(?:Test|Temp)?(?:Database|DB|Schema)$`)

	// placing matches the names of methods that tell where a server is; starting and stopping
	// those that begin and end one, closing those that may only let go of it.
	placing  = regexp.MustCompile(`(?:Addr|Address|Socket|Host|Hostname|Port|Endpoint|DSN|UR[IL]|Conn(?:ection)?(?:Str(?:ing)?|Options|Info|Details|Config))$`)
	starting = regexp.MustCompile(`^(?:Start|Run|Up|Launch|Boot)(?:[A-Z]|$)`)
	stopping = regexp.MustCompile(`^(?:Stop|Term|Terminate|Down|Purge|Kill|TearDown|Teardown|Destroy)(?:[A-Z]|$)`)
	closing  = regexp.MustCompile(`^(?:Close|Shutdown|Cleanup|CleanUp|Remove)$`)

	// startsServer matches the names of functions that start a server.
	startsServer = regexp.MustCompile(`^(?:Must)?(?:Start|Run|Launch)(?:[A-Z]|$)|(?:Server|Container)$`)
)

// ofWrapper says of a function of a library that the catalogue does not know, such as a wrapper
// around containers, whether it makes a database for the test that it takes, or a server: text
// that comes with what stops it.
func (g *graph) ofWrapper(fn *types.Func) (origin dbapi.Origin) {
	if !g.foreign(fn.Pkg()) {
		return 0
	}
	name, results := fn.Name(), fn.Signature().Results()
	switch {
	case makingDatabase.MatchString(name):
		return dbapi.Private
	case !testscope.TakesTB(fn.Signature()):
		if stopsText(results) {
			return dbapi.Private | dbapi.Started
		}
		return g.ofResults(results)
	case making.MatchString(name), results.Len() > 0 && tellsOwn(results.At(0).Type()):
		origin = dbapi.Private
	}
	if origin != 0 && startsServer.MatchString(name) {
		origin |= dbapi.Started
	}
	return origin | g.ofResults(results)
}

// ofResults says whether one of the results is a server.
func (g *graph) ofResults(results *types.Tuple) (origin dbapi.Origin) {
	for v := range results.Variables() {
		origin |= g.ofServer(v.Type())
	}
	return origin
}

// stopsText reports whether a function returns a text, and what stops the server that it names.
func stopsText(results *types.Tuple) bool {
	text, stop := false, false
	for v := range results.Variables() {
		switch t := v.Type().Underlying().(type) {
		case *types.Basic:
			text = text || t.Kind() == types.String
		case *types.Signature:
			stop = stop || t.Params().Len() == 0
		}
	}
	return text && stop
}

// tellsOwn reports whether a value tells where the database is that was made for a test: by a
// method, or by a field beside what ends it.
func tellsOwn(t types.Type) bool {
	m := methodsOf(t)
	return m.tells || (m.closes || m.stops) && fieldTells(t)
}

// takesOwn reports whether the package has such a value made for a running test, which it may hand
// on without a database library of its own.
func takesOwn(pass *analysis.Pass) bool {
	g := &graph{pass: pass}
	return slices.ContainsFunc(flow.Of(pass).Funcs(), func(f *flow.Func) bool {
		return slices.ContainsFunc(f.Calls, func(c *flow.Call) bool {
			if c.Fn == nil || !testscope.TakesTB(c.Fn.Signature()) || !g.foreign(c.Fn.Pkg()) {
				return false
			}
			results := c.Fn.Signature().Results()
			return results.Len() > 0 && tellsOwn(results.At(0).Type())
		})
	})
}

// fieldTells reports whether a struct has a text that tells where a server is.
func fieldTells(t types.Type) bool {
	s, ok := flow.Pointee(t).Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for v := range s.Fields() {
		if text, ok := v.Type().Underlying().(*types.Basic); ok && text.Info()&types.IsString != 0 && v.Exported() && placing.MatchString(v.Name()) {
			return true
		}
	}
	return false
}

// methods are what the names of a type's methods say of its values.
type methods struct{ tells, starts, stops, closes bool }

func methodsOf(t types.Type) (m methods) {
	if _, pointer := t.Underlying().(*types.Pointer); !pointer && !types.IsInterface(t) {
		t = types.NewPointer(t)
	}
	for method := range types.NewMethodSet(t).Methods() {
		name, results := method.Obj().Name(), method.Obj().(*types.Func).Signature().Results()
		m.tells = m.tells || placing.MatchString(name) && results.Len() > 0 && !flow.IsError(results.At(0).Type())
		m.starts = m.starts || starting.MatchString(name)
		m.stops = m.stops || stopping.MatchString(name)
		m.closes = m.closes || closing.MatchString(name)
	}
	return m
}

// server reports whether the values are servers that somebody starts and stops, and not clients
// of one.
func (m methods) server() bool { return m.tells && (m.stops || m.starts && m.closes) }

// ofServer says of a type what its values are, where they are servers or databases that a library
// makes for tests.
func (g *graph) ofServer(t types.Type) dbapi.Origin {
	named, ok := types.Unalias(flow.Pointee(t)).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return 0
	}
	of := named.Obj()
	origin, known := g.servers[of]
	if !known {
		origin = dbapi.OriginOfServer(of.Pkg().Path())
		if origin == 0 && g.foreign(of.Pkg()) && methodsOf(named).server() {
			origin = dbapi.Private | dbapi.Started
		}
		g.servers[of] = origin
	}
	return origin
}

// foreign reports whether a package belongs to a module that is not analysed, and that the
// catalogue does not know.
func (g *graph) foreign(pkg *types.Package) bool {
	if g.pass.Module == nil || pkg == nil || dbapi.Knows(pkg.Path()) {
		return false
	}
	return !config.Ours(g.pass, pkg) && !g.pass.ImportPackageFact(pkg, new(reaches))
}
