package ownership

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/inspector"

	"github.com/poollint/poollint/internal/dbapi"
	"github.com/poollint/poollint/internal/flow"
)

// A Fate is what becomes of a handle in the function that obtains it.
type Fate struct {
	Releases []inspector.Cursor // the calls and arguments that release it
	OnError  []inspector.Cursor // those that do so only where an error is met
	Ends     []inspector.Cursor // all those, and where it is returned or kept
	Returned flow.Params        // results that hold it
	Supplies flow.Params        // those that are functions which return it when called
	Closers  flow.Params        // results that release it when called
	By       *flow.Func         // the function whose results these are
	Passed   bool               // on some way it is returned and not released: the release is that of an error
	Kept     bool               // stored where someone else may release it
	Put      bool               // stored in the receiver, and nowhere else
	Lasting  bool               // that is what the function does not end: a package variable, a field of a parameter
	Fields   []*types.Var       // the fields that keep it
	Keepers  []*types.Var       // those, and the package variables
	Holders  []*types.Var       // the variables that hold it
	Listed   bool               // a list or map in one of them takes it, beside others
	within   []within           // the fields of the results that hold it
	Later    []inspector.Cursor // calls that put work with it, other than its release, off to the test's end
}

// Released reports whether the function releases the handle itself.
func (f *Fate) Released() bool { return len(f.Releases) > 0 }

// Ended reports whether the function releases the handle itself on all ways on which it
// does not return it.
func (f *Fate) Ended() bool { return f.Released() && !f.Passed }

// result returns the first result that holds the handle; -1 if none does.
func (f *Fate) result() int {
	for i := range f.Returned.All {
		return i
	}
	return -1
}

// Lost reports whether nobody can release the handle.
func (f *Fate) Lost() bool { return !f.Released() && f.Returned == 0 && f.Closers == 0 && !f.Kept }

// within is a field of a result; the result itself, or nobody knows which, if it has no name.
type within struct {
	result int
	field  string
}

// in returns the one field of a result that holds the handle; empty if there are several, or none is
// known.
func (f *Fate) in(result int) (field string) {
	first := true
	for _, w := range f.within {
		if w.result == result && !first && w.field != field {
			return ""
		}
		if w.result == result {
			first, field = false, w.field
		}
	}
	return field
}

// fateKey is what flow says becomes of a handle, and whether that has connections of its own.
type fateKey struct {
	of  *flow.Fate
	own bool
}

// fate reads what flow says becomes of a handle.
func (p *pkg) fate(of *flow.Fate, own bool) *Fate {
	key := fateKey{of, own}
	if p.fates[key] == nil {
		p.fates[key] = new(Fate).with(of, own)
	}
	return p.fates[key]
}

// with returns the fate with what becomes of something else that stands for the handle, as
// the function that releases it. A handle with connections of its own outlives transactions.
func (f *Fate) with(of *flow.Fate, own bool) *Fate {
	sum := *f
	sum.Listed = f.Listed || of.Listed
	sum.Holders, sum.Later = append(slices.Clip(f.Holders), of.Holders...), append(slices.Clip(f.Later), of.Later...)
	sum.Releases, sum.OnError, sum.Ends, sum.Fields = slices.Clip(f.Releases), slices.Clip(f.OnError), slices.Clip(f.Ends), slices.Clip(f.Fields)
	sum.Keepers, sum.within = slices.Clip(f.Keepers), slices.Clip(f.within)
	for _, s := range of.Sinks {
		if s.Kind == flow.HandedOn || s.Kind == flow.Asked || s.Kind == flow.Settled && own {
			continue // it comes back
		}
		switch s.Kind {
		case flow.Closed, flow.Settled, flow.Called:
			if s.OnError {
				sum.OnError = append(sum.OnError, s.At)
			} else {
				sum.Releases = append(sum.Releases, s.At)
			}
		case flow.Returned:
			sum.Returned.Add(s.Result)
			sum.within = append(sum.within, within{s.Result, s.Field})
			sum.By = s.By
		case flow.Supplied:
			sum.Returned.Add(s.Result)
			sum.Supplies.Add(s.Result)
			sum.By = s.By
		case flow.Undone:
			sum.Closers.Add(s.Result)
			sum.By = s.By
		case flow.Kept:
			into := s.Into != nil && s.Into.I == flow.Receiver
			sum.Put = into && (sum.Put || !sum.Kept)
			sum.Kept, sum.Lasting = true, sum.Lasting || s.Global
			if s.Place != nil {
				sum.Keepers = append(sum.Keepers, s.Place)
			}
			if s.Place != nil && s.Place.IsField() {
				sum.Fields = append(sum.Fields, s.Place)
			}
		}
		sum.Ends = append(sum.Ends, s.At)
	}
	return &sum
}

// Closable reports whether whoever gets a value of type t can let go of what it
// holds, or its elements do: an interface without a method for that, such as an adapter's, hides it.
func Closable(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Slice:
		return Closable(u.Elem())
	case *types.Array:
		return Closable(u.Elem())
	case *types.Map:
		return Closable(u.Elem()) || Closable(u.Key())
	}
	iface, ok := t.Underlying().(*types.Interface)
	if _, generic := types.Unalias(t).(*types.TypeParam); !ok || generic || iface.NumMethods() == 0 {
		return true
	}
	return dbapi.EndsBy(iface)
}

// ends reports whether whoever gets a value of a type of the user's, around what is borrowed, can give that
// back: by a method, or as it stands in a field.
func ends(t types.Type) bool {
	if types.IsInterface(t) {
		return false
	}
	if s, ok := flow.Pointee(t).Underlying().(*types.Struct); ok {
		for field := range s.Fields() {
			if dbapi.Handle(field.Type()) {
				return true
			}
		}
	}
	for _, name := range []string{"Rollback", "Release", "Close"} {
		if obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name); obj != nil {
			_, method := obj.(*types.Func)
			return method
		}
	}
	return false
}
