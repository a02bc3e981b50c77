package scenario

import (
	"cmp"
	"slices"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Outline is where the scenarios below some folders and their stubs stand, as far
// as the files can be read, whatever else is wrong with them. It is immutable.
type Outline struct {
	// Files are the scenario files in name order.
	Files []OutlinedFile
}

// OutlinedFile is one scenario file of an Outline.
type OutlinedFile struct {
	// Scenario is the scenario's name, File the name under which findings show the file.
	Scenario, File string
	// Stubs counts the stubs as they are written.
	Stubs int

	marks []mark // by offset
}

// mark is where a part of a file begins.
type mark struct {
	off       uint32
	operation string // as the file calls it; "" for what belongs to none
	stub      string // "" for what belongs to no stub
}

// ReadOutline reads the scenario files below the folders. What cannot be read is
// left out; Load tells why.
func ReadOutline(folders []string) *Outline {
	l := newLoader(nil)
	defer l.close()
	for _, name := range folders {
		l.readFolder(name)
	}
	l.leaveOutBodies()
	l.nameFiles()
	o := &Outline{}
	for _, f := range l.files {
		l.decodeFile(f)
		outlined := OutlinedFile{Scenario: f.name, File: f.src.Name, marks: l.marks(f)}
		for _, entry := range f.spec.operations {
			outlined.Stubs += len(entry.stubs)
		}
		o.Files = append(o.Files, outlined)
	}
	return o
}

func (l *loader) marks(f *file) []mark {
	var marks []mark
	for _, part := range f.root.Members() {
		marks = append(marks, mark{off: part.KeyAt().Off})
	}
	for i := range f.spec.operations {
		entry := &f.spec.operations[i]
		l.nameStubs(f, entry)
		first := mark{off: entry.node.KeyAt().Off, operation: entry.node.Key}
		if len(entry.stubs) == 1 {
			first.stub = entry.stubs[0].known // the operation's name stands for its only stub
		}
		marks = append(marks, first)
		for _, s := range entry.stubs {
			if at := s.node.At().Off; at > first.off {
				marks = append(marks, mark{at, entry.node.Key, s.known})
			}
		}
	}
	slices.SortStableFunc(marks, func(a, b mark) int { return cmp.Compare(a.off, b.off) })
	return marks
}

// Find gives the scenario and the stub that a place belongs to; empty texts where
// it belongs to none.
func (o *Outline) Find(at source.Span) (scenario, stub string) {
	f, m := o.find(at)
	if f == nil {
		return "", ""
	}
	return f.Scenario, m.stub
}

// Operation gives the operation under which a place stands, as the file calls it;
// "" where it stands under none.
func (o *Outline) Operation(at source.Span) string {
	_, m := o.find(at)
	return m.operation
}

func (o *Outline) find(at source.Span) (f *OutlinedFile, last mark) {
	if at.File == nil {
		return nil, mark{}
	}
	i := slices.IndexFunc(o.Files, func(f OutlinedFile) bool { return f.File == at.File.Name })
	if i < 0 {
		return nil, mark{}
	}
	f = &o.Files[i]
	for _, m := range f.marks {
		if m.off > at.Off {
			break
		}
		last = m
	}
	return f, last
}
