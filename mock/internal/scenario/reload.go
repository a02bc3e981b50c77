package scenario

import (
	"maps"
	"slices"
	"strings"
)

// Holds tells whether a cell belongs to a sequence or state of the set, with the
// text that it has there. What another set held and this one does not may be
// forgotten.
func (s *Set) Holds(c Cell) bool {
	if c.State != "" {
		c.Key = ""
	}
	_, ok := s.changing[c]
	return ok
}

// Holder is Holds for several sets at once.
func Holder(sets ...*Set) func(Cell) bool {
	all := Set{changing: map[Cell]string{}}
	for _, s := range sets {
		maps.Copy(all.changing, s.changing)
	}
	return all.Holds
}

// Restarted lists the sequences and states that start anew although the set before
// had them: with another text, or with the same text under another name, as unnamed
// stubs get when one is put before them. "outage/getPet#1", "life-cycle state pet".
func (s *Set) Restarted(before *Set) []string {
	had, kept := map[string]bool{}, map[string]bool{}
	moved := map[string]bool{} // by revision
	for cell, name := range before.changing {
		had[name] = true
		if _, ok := s.changing[cell]; ok {
			kept[name] = true
		} else {
			moved[cell.Revision] = true
		}
	}
	restarted := map[string]bool{}
	for cell, name := range s.changing {
		if !kept[name] && (had[name] || moved[cell.Revision]) {
			restarted[name] = true
		}
	}
	return slices.Sorted(maps.Keys(restarted))
}

// noteChanging collects the cells of a file that has been compiled.
func (s *Set) noteChanging(f *file) {
	for _, m := range f.machines {
		s.changing[m.cell()] = f.name + " state " + m.name
	}
	for _, stubs := range f.scenario.stubs {
		for _, st := range stubs {
			if cell, ok := st.Sequence(); ok {
				s.changing[cell] = f.name + "/" + strings.TrimPrefix(st.Name, f.name+"/")
			}
		}
	}
}
