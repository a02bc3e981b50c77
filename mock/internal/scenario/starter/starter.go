// Package starter writes the first scenario files for a contract: one for each
// status that it describes, and one that shows what the format can say.
//
// Everything that it gives was loaded and proved before: what does not hold is
// written in a simpler form, and in the end left out with the reason. The same
// contract gives the same bytes.
package starter

import (
	"context"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// SchemaName is the file of the JSON Schema beside the scenarios. Hidden files are
// no scenarios.
const SchemaName = ".scenario.schema.json"

// File is one file to write.
type File struct {
	// Path is below the scenarios folder, with slashes.
	Path string
	Data []byte
}

// Options says how the files speak of the command line.
type Options struct {
	// Arguments stand behind a command of understudy: the descriptions, and the
	// scenarios folder where it is not the default.
	Arguments string
}

// LeftOut is a status of an operation for which no scenario is written.
type LeftOut struct {
	Operation, Status, Reason string
}

// Result is what there is to write.
type Result struct {
	Files   []File
	LeftOut []LeftOut
}

// Make makes the files for some contracts. The error is that of ctx.
func Make(ctx context.Context, apis []*contract.Contract, opts Options) (*Result, error) {
	m := &maker{ctx: ctx, apis: apis, opts: opts}
	statuses := m.statusFiles()
	m.prove(statuses)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r := &Result{Files: []File{{Path: SchemaName, Data: scenario.JSONSchema(apis...)}}}
	for _, s := range statuses {
		for _, e := range s.entries {
			if e.form == leftOut {
				r.LeftOut = append(r.LeftOut, LeftOut{e.name, s.status, e.reason})
			}
		}
		if s.written() {
			text, _ := s.render(m)
			r.Files = append(r.Files, File{Path: s.path(), Data: text})
		}
	}
	if text := m.tutorial(); text != nil {
		r.Files = append(r.Files, File{Path: tutorialName + ".yaml", Data: text})
	}
	return r, ctx.Err()
}

// maker makes the files of one call.
type maker struct {
	ctx  context.Context
	apis []*contract.Contract
	opts Options
}

// nameOf is how scenario files call an operation.
func (m *maker) nameOf(op *contract.Operation) string {
	if len(m.apis) > 1 {
		return op.Contract().Name + "." + op.Name()
	}
	return op.Name()
}

// command is a line of the command line that works from where init was called.
func (m *maker) command(name, rest string) string {
	return strings.TrimRight("understudy "+name+" "+strings.TrimSpace(m.opts.Arguments+" "+rest), " ")
}

// findings proves texts and gives what is wrong with them, warnings too.
func (m *maker) findings(files ...*source.File) source.Diagnostics {
	set, err := scenario.LoadFiles(files, m.apis, scenario.Options{})
	if err == nil {
		return set.Warnings
	}
	found, ok := err.(source.Diagnostics)
	if !ok {
		return source.Diagnostics{{Message: err.Error()}}
	}
	return found
}

// comment makes a text fit for the rest of a line behind a #.
func comment(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == 0x85 || r == 0x2028 || r == 0x2029 || r == 0xfeff {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxComment {
		return string(runes[:maxComment-1]) + "…"
	}
	return text
}

// maxComment bounds a comment in characters.
const maxComment = 100
