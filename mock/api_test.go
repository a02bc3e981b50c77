package mock_test

import (
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestPublicTypesHaveNames holds that users can name every type of ours that the public
// packages give them or ask of them: an internal one has an alias in package mock.
func TestPublicTypesHaveNames(t *testing.T) {
	t.Parallel()
	published := []string{module + "/mock", module + "/mock/mocktest"}
	s := &surface{named: map[*types.TypeName]bool{}, seen: map[types.Type]bool{}}
	for _, p := range compiled(t, published...) {
		for _, name := range p.Scope().Names() {
			object := p.Scope().Lookup(name)
			if !object.Exported() {
				continue
			}
			if of, ok := types.Unalias(object.Type()).(*types.Named); ok && isType(object) {
				s.named[of.Obj()] = true
			}
			s.reach(object.Type(), p.Name()+"."+name)
		}
	}
	if len(s.reached) < 50 {
		t.Fatalf("the public packages reach %d types of ours", len(s.reached))
	}
	for of, by := range s.reached {
		if !s.named[of] {
			t.Errorf("users have no name for %s.%s of %s", of.Pkg().Path(), of.Name(), by)
		}
	}
}

func isType(o types.Object) bool { _, ok := o.(*types.TypeName); return ok }

// surface is what the exported names of packages lead to.
type surface struct {
	named   map[*types.TypeName]bool   // those with an exported name
	reached map[*types.TypeName]string // those of this module, with a way to them
	seen    map[types.Type]bool
}

func (s *surface) reach(t types.Type, by string) {
	t = types.Unalias(t)
	if s.seen[t] {
		return
	}
	s.seen[t] = true
	switch t := t.(type) {
	case *types.Named:
		s.reachNamed(t, by)
	case *types.Struct:
		for f := range t.Fields() {
			if f.Exported() {
				s.reach(f.Type(), by+"."+f.Name())
			}
		}
	case *types.Interface:
		for m := range t.Methods() {
			s.reach(m.Type(), by+"."+m.Name())
		}
	case *types.Signature:
		for p := range t.Params().Variables() {
			s.reach(p.Type(), by+"()")
		}
		for r := range t.Results().Variables() {
			s.reach(r.Type(), by+"()")
		}
	case *types.Map:
		s.reach(t.Key(), by)
		s.reach(t.Elem(), by)
	case interface{ Elem() types.Type }: // pointers, slices, arrays, channels
		s.reach(t.Elem(), by)
	}
}

func (s *surface) reachNamed(t *types.Named, by string) {
	of := t.Obj()
	if of.Pkg() == nil || !strings.HasPrefix(of.Pkg().Path(), module+"/") {
		return
	}
	if of.Pkg().Name() == "mocktest" && of.Name() == "settings" {
		return // what an Option changes is hidden on purpose
	}
	if s.reached == nil {
		s.reached = map[*types.TypeName]string{}
	}
	s.reached[of] = by
	for m := range t.Methods() {
		if m.Exported() {
			s.reach(m.Type(), by+"."+m.Name())
		}
	}
	s.reach(t.Underlying(), by)
}

// compiled gives packages as the compiler has exported them.
func compiled(t *testing.T, paths ...string) []*types.Package {
	t.Helper()
	out, err := exec.Command("go", append([]string{"list", "-export", "-deps", "-f", "{{.ImportPath}} {{.Export}}"}, paths...)...).Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), " ")
		files[path] = file
	}
	from := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) { return os.Open(files[path]) })
	var list []*types.Package
	for _, path := range paths {
		p, err := from.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
	return list
}
