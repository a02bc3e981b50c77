package scenario

import (
	"fmt"
	"strconv"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

var dribbleObject = newDribbleObject()

// writeDribble is the hint where dribble is something else.
const writeDribble = "write dribble: {chunks: 5, over: 2s}"

func newDribbleObject() *object[Dribble] {
	return &object[Dribble]{what: "dribble", fields: []field[Dribble]{
		{name: "chunks", kinds: isNumber, doc: "In how many pieces the body is sent.", schema: wholeNumber(1, maxChunks), read: readChunks},
		{name: "over", kinds: isText, doc: "The time until the last piece is sent.", schema: is("duration"), instead: writeDuration,
			read: func(d *decoder, n *source.Node, s *Dribble) { s.Over, _ = d.duration(n) }},
	}, schema: func(s *jsonSchema) { s.Required = []string{"chunks", "over"} }}
}

func readChunks(d *decoder, n *source.Node, s *Dribble) {
	chunks, err := strconv.Atoi(n.Text)
	if err != nil || chunks < 1 || chunks > maxChunks {
		d.fault(CodeBadValue, n.At(), fmt.Sprintf("a body cannot be sent in %s pieces", n.Text), fmt.Sprintf("write a whole number from 1 to %d", maxChunks))
		return
	}
	s.Chunks = chunks
}

func readDribble(d *decoder, n *source.Node, r *messageSpec) {
	before := d.faults
	dribbleObject.decode(d, n, &r.dribbled)
	if d.faults == before && (!n.Has("chunks") || !n.Has("over")) {
		d.fault(CodeBadValue, n.KeyAt(), "dribble needs chunks and over", writeDribble)
	}
	r.dribble = n
}
