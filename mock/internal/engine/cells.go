package engine

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

// cells lists the cells that the stubs which may answer look at.
func (f *facts) cells(ex *exchange.Exchange) []state.Cell {
	var cells []state.Cell
	for _, l := range f.layers {
		for _, stub := range l.stubs {
			for _, c := range stub.Cells(ex) {
				cells = append(cells, Cell(c))
			}
		}
	}
	return cells
}

// values shows a view to the stubs.
type values struct{ view *state.View }

func (v values) Count(c scenario.Cell) int    { return v.view.Value(Cell(c)).Count }
func (v values) State(c scenario.Cell) string { return v.view.Value(Cell(c)).Text }

// maxKey bounds the key of a state, in bytes. Keys come from requests; longer ones
// are kept by their hash, so that a session's memory is bounded.
const maxKey = 256

// Cell is a cell as the store knows it.
func Cell(c scenario.Cell) state.Cell {
	if len(c.Key) > maxKey {
		sum := sha256.Sum256([]byte(c.Key))
		c.Key = "sha256:" + hex.EncodeToString(sum[:])
	}
	return state.Cell(c)
}
