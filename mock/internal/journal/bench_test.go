package journal

import (
	"net/http"
	"testing"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// BenchmarkEnter measures what the journal costs a request, from its entry to its end,
// without what the exchange itself costs.
func BenchmarkEnter(b *testing.B) {
	header := http.Header{
		"Accept": {"application/json"}, "Accept-Encoding": {"gzip"}, "Authorization": {"Bearer x"}, "Content-Type": {"application/json"},
		"Content-Length": {"1000"}, "User-Agent": {"Mozilla/5.0"}, "X-Fingerprint": {"33dd65c7fefc7078776965ca85cee243"}, "X-Installation_id": {"625fc44b"},
	}
	answered := http.Header{"Content-Type": {"application/json"}, "Content-Length": {"1000"}, "Understudy-Request-Id": {"a-1"}, "Understudy-Why": {"contract"}}
	parameters := []exchange.Parameter{{In: exchange.Path, Name: "id", Present: true, Raw: "1", Value: "1"}, {In: exchange.Query, Name: "page", Present: true, Raw: "2", Value: "2"}}
	body := make([]byte, 1000)
	for name, test := range map[string]struct {
		entries int
		session string
	}{"kept": {DefaultEntries, ""}, "session": {DefaultEntries, "s"}, "off": {0, ""}} {
		b.Run(name, func(b *testing.B) {
			j := New(Options{Entries: test.entries, Bytes: DefaultBytes})
			key := any("stub")
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					e := &Entry{}
					ex := &e.Exchange
					ex.Time, ex.Session, ex.Parameters, ex.Decision.StubKey = time.Now(), test.session, parameters, key
					ex.Request.Header, ex.Request.Body = header, body
					ex.Answer.Header, ex.Answer.Body = answered, body
					j.Enter(e)
					e.Begin(true)
					e.End(OutcomeSent, 1000, nil)
				}
			})
		})
	}
}

// BenchmarkForget measures the end of a session beside a journal that is full of others'
// requests: it looks at each.
func BenchmarkForget(b *testing.B) {
	j := New(Options{Entries: DefaultEntries, Bytes: DefaultBytes})
	for range DefaultEntries {
		e := &Entry{}
		e.Exchange.Time, e.Exchange.ID, e.Exchange.Session = time.Now(), "a-1", "other"
		e.Exchange.Request.Header = http.Header{"Accept": {"application/json"}, "User-Agent": {"Mozilla/5.0"}, "X-Fingerprint": {"33dd65c7fefc7078776965ca85cee243"}}
		j.Enter(e)
		e.End(OutcomeSent, 0, nil)
	}
	b.ReportAllocs()
	for b.Loop() {
		j.Forget("s")
	}
}
