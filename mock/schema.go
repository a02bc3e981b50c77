package mock

import (
	"context"

	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/watch"
)

// Schema gives the JSON Schema (draft 2020-12) of scenario files, indented, for
// editors. It is made from the tables that read the files, so that it always fits
// this version. A file that it refuses has findings; a file that it admits may
// still have some, because it knows no contract: Check tells those. The bytes are
// the caller's.
func Schema() []byte { return scenario.JSONSchema() }

// SchemaFor is Schema with the names of the operations that descriptions have, which
// editors then complete too. Of Options only what is about descriptions counts.
func SchemaFor(ctx context.Context, opts Options) ([]byte, error) {
	s, err := opts.settle()
	if err != nil {
		return nil, err
	}
	apis, _, err := loadAPIs(ctx, s, watch.Look())
	if err != nil {
		return nil, err
	}
	return scenario.JSONSchema(apis...), nil
}
