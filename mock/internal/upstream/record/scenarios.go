package record

import (
	"crypto/sha256"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/scenario/author"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// maxFile bounds the answers that are stated in one scenario file, in bytes: a file that
// is much larger could not be loaded.
const maxFile = 1 << 20

// Scenarios are the files that a recording makes.
type Scenarios struct {
	// Paths are those of all files, in the order of the first calls of operations.
	Paths []string
	// Files are those to write. The others were made by an earlier call, would be the same
	// now, and are there.
	Files []author.File
	// LeftOut says what could not be written, a sentence for each.
	LeftOut []string

	made map[*contract.Operation]*chapter
}

// Writer makes scenario files of what a recording has, again and again: one for each
// operation, in the folder of a name, or several where one would be too large. They are
// always active, so that a mock answers by them without being told.
//
// To prove a file costs much more than to find out what stands in it. So the writer
// remembers what it has made, and proves those files alone whose stubs are others now: a
// call costs the proof of one file of its operation, and of those behind it where it moves
// their stubs, however much else was recorded.
// A Writer is for one goroutine at a time.
type Writer struct {
	apis  []*contract.Contract
	name  string
	names map[*contract.Operation]string
	known map[*contract.Operation]*chapter
	write func(author.Scenario, []*contract.Contract, author.Options) author.Result
	most  int // bytes of the answers in one file
}

// chapter is what was made for one operation.
type chapter struct {
	calls int
	pages []page
}

// page is one scenario file with its bodies.
type page struct {
	print   [sha256.Size]byte // of the scenario
	files   []string
	leftOut []string
}

// NewWriter makes a writer of files for contracts, in the folder of a name.
func NewWriter(apis []*contract.Contract, name string) *Writer {
	return &Writer{apis: apis, name: name, names: FileNames(apis), known: map[*contract.Operation]*chapter{}, write: author.Write, most: maxFile}
}

// Scenarios makes the files that give the answers that were taken. there tells whether a
// file of an earlier call is still where it was written.
func (w *Writer) Scenarios(t *Taken, there func(path string) bool) Scenarios {
	all := Scenarios{made: map[*contract.Operation]*chapter{}}
	order, seen := t.byOperation()
	for _, op := range order {
		all.made[op] = w.chapter(op, seen[op], there, &all)
	}
	return all
}

// Written tells the writer that files were written. Those that were not are made again.
func (w *Writer) Written(s *Scenarios) { w.known = s.made }

func (w *Writer) chapter(op *contract.Operation, seen []author.Seen, there func(path string) bool, all *Scenarios) *chapter {
	known := w.known[op]
	if known == nil {
		known = &chapter{}
	}
	if known.calls == len(seen) && !slices.ContainsFunc(known.pages, func(p page) bool { return p.lost(there) }) {
		for i := range known.pages {
			all.add(&known.pages[i])
		}
		return known
	}
	c := &chapter{calls: len(seen)}
	parts := divide(author.Stubs(seen), w.most)
	for i, stubs := range parts {
		s := w.scenario(op, stubs)
		if len(parts) > 1 { // the order of names is that in which they are asked
			s.Name += fmt.Sprintf("-%03d", i+1)
			s.Description = fmt.Sprintf("Part %d: %s", i+1, s.Description)
		}
		p := page{print: s.Print()}
		if j := slices.IndexFunc(known.pages, func(k page) bool { return k.print == p.print && !k.lost(there) }); j >= 0 {
			p = known.pages[j]
		} else {
			all.Files = append(all.Files, p.fill(w.write(s, w.apis, author.Options{Files: true}), author.NameOf(op, w.apis))...)
		}
		all.add(&p)
		c.pages = append(c.pages, p)
	}
	return c
}

func (w *Writer) scenario(op *contract.Operation, stubs []author.Stub) author.Scenario {
	n := 0
	for i := range stubs {
		n += len(stubs[i].From)
	}
	return author.Scenario{
		Name: path.Join(w.name, w.names[op]), Default: true, Tags: []string{"recorded"}, Stubs: stubs,
		Description: fmt.Sprintf("What the real API has answered to %s, %s", author.NameOf(op, w.apis), source.Count(n, "call")),
	}
}

// lost tells whether one of the files is not there any more.
func (p *page) lost(there func(path string) bool) bool {
	return slices.ContainsFunc(p.files, func(name string) bool { return !there(name) })
}

// fill takes down what was made, and gives its files.
func (p *page) fill(r author.Result, operation string) []author.File {
	for _, f := range r.Files {
		p.files = append(p.files, f.Path)
	}
	for _, left := range r.LeftOut {
		p.leftOut = append(p.leftOut, fmt.Sprintf("%s: %s", operation, left.Reason))
	}
	return r.Files
}

func (s *Scenarios) add(p *page) {
	s.Paths = append(s.Paths, p.files...)
	s.LeftOut = append(s.LeftOut, p.leftOut...)
}

// byOperation parts what was seen by operation, in the order of the first calls.
func (t *Taken) byOperation() (order []*contract.Operation, seen map[*contract.Operation][]author.Seen) {
	seen = map[*contract.Operation][]author.Seen{}
	for _, s := range t.Seen {
		if seen[s.Operation] == nil {
			order = append(order, s.Operation)
		}
		seen[s.Operation] = append(seen[s.Operation], s)
	}
	return order, seen
}

// divide cuts a list of stubs where a file would be too large.
func divide(stubs []author.Stub, most int) [][]author.Stub {
	var parts [][]author.Stub
	size := most + 1
	for _, s := range stubs {
		n := 0
		for _, a := range s.Answers {
			n += 200 + len(a.Body)
		}
		if size+n > most {
			parts, size = append(parts, nil), 0
		}
		size += n
		parts[len(parts)-1] = append(parts[len(parts)-1], s)
	}
	return parts
}

// FileNames gives each operation a file name without extension: its own name, as far as
// names of scenarios may have its characters, and a number where another has that name.
func FileNames(apis []*contract.Contract) map[*contract.Operation]string {
	names := map[*contract.Operation]string{}
	taken := map[string]bool{}
	for _, c := range apis {
		for _, op := range c.Operations {
			base := plainName(author.NameOf(op, apis))
			name := base
			// Some file systems do not tell cases apart.
			for n := 2; taken[strings.ToLower(name)]; n++ {
				name = fmt.Sprintf("%s-%d", base, n)
			}
			taken[strings.ToLower(name)] = true
			names[op] = name
		}
	}
	return names
}

var unfit = regexp.MustCompile(`[^A-Za-z0-9._]+`)

func plainName(name string) string {
	if name = strings.Trim(unfit.ReplaceAllString(name, "-"), "-."); name == "" {
		return "operation"
	}
	return name[:min(len(name), 100)]
}
