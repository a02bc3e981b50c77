package starter

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/scenario/author"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Limits on a status file, so that people can read it.
const (
	// maxNamed is how many operations are named one by one; beyond that "*" stands for
	// all of them.
	maxNamed = 200
	// maxLines is how long a file may be with all bodies written out. A longer one
	// leaves all bodies to the contract.
	maxLines = 300
)

// statusFile is the scenario for one status.
type statusFile struct {
	status  string
	entries []*entry
	// everywhere writes "*" for the entries.
	everywhere bool
	// bare leaves all bodies to the contract.
	bare bool
}

// statusFiles lists the described statuses in order, each with the operations that
// describe it, in file order.
func (m *maker) statusFiles() []*statusFile {
	byStatus := map[string]*statusFile{}
	var list []*statusFile
	for _, api := range m.apis {
		for _, op := range api.Operations {
			for _, r := range op.Responses {
				if _, _, ok := op.Respond(r.Status); !ok {
					continue // a status that cannot be sent, such as 100
				}
				f := byStatus[r.Status]
				if f == nil {
					f = &statusFile{status: r.Status}
					byStatus[r.Status] = f
					list = append(list, f)
				}
				f.entries = append(f.entries, &entry{op: op, response: r, name: m.nameOf(op)})
			}
		}
	}
	slices.SortFunc(list, func(a, b *statusFile) int { return strings.Compare(a.status, b.status) })
	return list
}

// path is where the file stands below the scenarios folder.
func (f *statusFile) path() string { return "status/" + f.status + ".yaml" }

// written tells whether anything is left to write.
func (f *statusFile) written() bool {
	return slices.ContainsFunc(f.entries, func(e *entry) bool { return e.form != leftOut })
}

// settle decides how the file is written and makes the bodies.
func (f *statusFile) settle(m *maker) {
	if f.everywhere = len(f.entries) > maxNamed; f.everywhere {
		text, _ := f.render(m)
		if len(m.findings(&source.File{Name: f.path(), Data: text})) == 0 {
			return
		}
		f.everywhere = false // some need more than a status
	}
	for _, e := range f.entries {
		if m.ctx.Err() != nil {
			return
		}
		e.settle()
	}
	text, _ := f.render(m)
	f.bare = strings.Count(string(text), "\n") > maxLines
}

// render writes the file, and tells for each line which entry it belongs to.
func (f *statusFile) render(m *maker) (text []byte, lines []*entry) {
	w := &page{}
	w.Line("# yaml-language-server: $schema=../%s", SchemaName)
	w.Line("#")
	w.Line("# While this scenario is active, these operations answer %s:", f.called())
	w.Line("#   %s", m.command("serve", "--scenario status/"+f.status))
	w.Line("# For one request, whatever is active: the header Prefer: scenario=status/%s", f.status)
	w.Line("#")
	w.Line("# Take out what should answer as usual, change bodies, add conditions as in")
	w.Line("# tutorial.yaml, and prove the result: %s", m.command("check", ""))
	w.Line("description: %s", source.YAMLString(f.description()))
	w.Line("tags: [status]")
	w.Line("")
	w.Line("operations:")
	if f.everywhere {
		w.Line("  # %d operations describe %s; \"*\" stands for every one that can answer it.", len(f.entries), f.status)
		w.Line("  # Name some of them instead, such as %s: %s", author.Comment(f.entries[0].name), f.status)
		w.Line("  \"*\": %s", f.status)
		return w.Text(), nil
	}
	api := (*contract.Contract)(nil)
	for _, e := range f.entries {
		if e.form == leftOut {
			continue
		}
		if len(m.apis) > 1 && api != e.op.Contract() {
			api = e.op.Contract()
			w.Line("  # %s", author.Comment(api.Title))
		}
		w.Owner = e
		e.render(w, f.status, f.bare)
		w.Owner = nil
	}
	f.renderLeftOut(w)
	return w.Text(), w.Owners()
}

func (f *statusFile) renderLeftOut(w *page) {
	title := false
	for _, e := range f.entries {
		if e.form != leftOut {
			continue
		}
		if !title {
			title = true
			w.Line("")
			w.Line("# Left out:")
		}
		w.Line("#   %s: %s", author.Comment(e.name), author.Comment(e.reason))
	}
}

// called is how people call the status.
func (f *statusFile) called() string {
	number, err := strconv.Atoi(f.status)
	switch {
	case f.status == contract.Default:
		return "their default response"
	case err == nil && http.StatusText(number) != "":
		return f.status + " " + http.StatusText(number)
	}
	return f.status
}

// description says in a sentence what the scenario does.
func (f *statusFile) description() string {
	return "All operations that describe it answer " + f.called() + "."
}

// page collects the lines of a file, and for each the entry that it belongs to.
type page = author.Page[*entry]
