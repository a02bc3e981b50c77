package record

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/scenario/author"
)

// maxFile bounds the answers that are stated in one scenario file, in bytes: a file that
// is much larger could not be loaded.
const maxFile = 1 << 20

// Scenarios are the files that a recording makes.
type Scenarios struct {
	Files []author.File
	// LeftOut says what could not be written, a sentence for each.
	LeftOut []string
}

// Scenarios makes scenario files that give the answers that were taken: one for each
// operation, in the folder of that name, or several where one would be too large. They
// are always active, so that a mock answers by them without being told.
func (t *Taken) Scenarios(apis []*contract.Contract, name string) Scenarios {
	var made Scenarios
	names := FileNames(apis)
	for _, op := range t.operations() {
		seen := t.of(op)
		parts := divide(author.Stubs(seen))
		file := path.Join(name, names[op])
		for i, stubs := range parts {
			s := author.Scenario{
				Name: file, Default: true, Tags: []string{"recorded"}, Stubs: stubs,
				Description: fmt.Sprintf("What the real API has answered to %s, %s", author.NameOf(op, apis), calls(len(seen))),
			}
			if len(parts) > 1 { // the order of names is that in which they are asked
				s.Name += fmt.Sprintf("-%03d", i+1)
				s.Description += fmt.Sprintf(", part %d of %d", i+1, len(parts))
			}
			r := author.Write(s, apis, author.Options{Files: true})
			made.Files = append(made.Files, r.Files...)
			for _, left := range r.LeftOut {
				made.LeftOut = append(made.LeftOut, fmt.Sprintf("%s: %s", author.NameOf(op, apis), left.Reason))
			}
		}
	}
	return made
}

func calls(n int) string {
	if n == 1 {
		return "1 call"
	}
	return fmt.Sprintf("%d calls", n)
}

// operations lists those that were called, in the order of the first calls.
func (t *Taken) operations() []*contract.Operation {
	var list []*contract.Operation
	known := map[*contract.Operation]bool{}
	for _, s := range t.Seen {
		if !known[s.Operation] {
			known[s.Operation] = true
			list = append(list, s.Operation)
		}
	}
	return list
}

func (t *Taken) of(op *contract.Operation) []author.Seen {
	return slices.DeleteFunc(slices.Clone(t.Seen), func(s author.Seen) bool { return s.Operation != op })
}

// divide cuts a list of stubs where a file would be too large.
func divide(stubs []author.Stub) [][]author.Stub {
	var parts [][]author.Stub
	size := maxFile + 1
	for _, s := range stubs {
		n := 0
		for _, a := range s.Answers {
			n += 200 + len(a.Body)
		}
		if size+n > maxFile {
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
