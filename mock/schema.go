package mock

import "github.com/understudy-mock/understudy/mock/internal/scenario"

// Schema gives the JSON Schema (draft 2020-12) of scenario files, indented, for
// editors. It is made from the tables that read the files, so that it always fits
// this version. A file that it refuses has findings; a file that it admits may
// still have some, because it knows no contract: Check tells those. The bytes are
// the caller's.
func Schema() []byte { return scenario.JSONSchema() }
