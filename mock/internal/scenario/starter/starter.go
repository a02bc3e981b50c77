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
	"github.com/understudy-mock/understudy/mock/internal/scenario/author"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// SchemaName is the file of the JSON Schema beside the scenarios. Hidden files are
// no scenarios.
const SchemaName = ".scenario.schema.json"

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
	Files   []author.File
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
	r := &Result{Files: []author.File{{Path: SchemaName, Data: scenario.JSONSchema(apis...)}}}
	for _, s := range statuses {
		for _, e := range s.entries {
			if e.form == leftOut {
				r.LeftOut = append(r.LeftOut, LeftOut{e.name, s.status, e.reason})
			}
		}
		if s.written() {
			text, _ := s.render(m)
			r.Files = append(r.Files, author.File{Path: s.path(), Data: text})
		}
	}
	if text := m.tutorial(); text != nil {
		r.Files = append(r.Files, author.File{Path: tutorialName + ".yaml", Data: text})
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
