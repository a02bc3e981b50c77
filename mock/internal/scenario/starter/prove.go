package starter

import (
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// maxRounds bounds how often the files are proved: an entry has three forms.
const maxRounds = 4

// prove settles the status files and writes more simply what does not hold, until
// all of it does.
func (m *maker) prove(files []*statusFile) {
	for _, f := range files {
		f.settle(m)
	}
	for range maxRounds {
		var texts []*source.File
		owner := map[string]*statusFile{}
		lines := map[string][]*entry{}
		for _, f := range files {
			if f.everywhere || !f.written() {
				continue
			}
			text, entries := f.render(m)
			texts = append(texts, &source.File{Name: f.path(), Data: text})
			owner[f.path()], lines[f.path()] = f, entries
		}
		found := m.findings(texts...)
		if len(found) == 0 {
			return
		}
		for i := range found {
			at := found[i].At.Position()
			if f := owner[at.File]; f != nil {
				f.weaken(at.Line, lines[at.File], found[i].Message)
			}
		}
	}
}

// weaken writes the entry at a line in its next simpler form.
func (f *statusFile) weaken(line int, entries []*entry, reason string) {
	if line < 1 || line > len(entries) || entries[line-1] == nil {
		return
	}
	e := entries[line-1]
	if e.form == withBody && !f.bare {
		e.form = plain
	} else {
		e.form, e.reason = leftOut, reason
	}
	for i := range entries { // once in a round
		if entries[i] == e {
			entries[i] = nil
		}
	}
}
