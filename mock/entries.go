package mock

import (
	"net/http"
	"sync"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/journal"
)

// entries are used again from one request to the next: an exchange is more than a
// kilobyte of pointers, and the journal takes down what it keeps.
var entries = sync.Pool{New: func() any {
	e := &journal.Entry{}
	// Most answers have no more headers than a map holds in one piece. One with room for
	// more takes longer to go through and to clear, however few it has.
	e.Exchange.Answer.Header = make(http.Header, 8)
	return e
}}

// maxRecycled bounds the headers and parameters for which an entry keeps room.
const maxRecycled = 16

// recycle makes an entry new. Nobody may look at its exchange any more, or at the map of
// its answer's header; what they refer to stays as it is.
func recycle(e *journal.Entry) {
	header, parameters := e.Exchange.Answer.Header, e.Exchange.Parameters
	if len(header) > maxRecycled {
		return // it would keep its size for ever
	}
	clear(header)
	if cap(parameters) > maxRecycled {
		parameters = nil
	}
	parameters = parameters[:cap(parameters)]
	clear(parameters)
	*e = journal.Entry{Exchange: exchange.Exchange{Parameters: parameters[:0]}}
	e.Exchange.Answer.Header = header
	entries.Put(e)
}
