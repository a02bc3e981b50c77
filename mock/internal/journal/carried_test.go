package journal

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/state"
)

// full makes an entry that has something of everything.
func full(random *rand.Rand) *kept {
	var ex exchange.Exchange
	fill(random, reflect.ValueOf(&ex).Elem(), "", map[string]bool{"Request.Stored": true, "Decision.StubKey": true, "Decision.Considered": true, "Answer.Problem": true, "Violations": true, "Answer.Violations": true, "Answer.Pieces": true, "Answer.Calls": true, "Unchecked": true})
	ex.Time = time.Now()
	ex.Body = exchange.Decoded(map[string]any{"file": schema.Measured{Length: 9, Sum: [32]byte{1, 2, 3}}, "rest": []any{nil, true, json.Number("1.50"), "text", map[string]any{"a": []any{}}}})
	if random.IntN(2) == 0 {
		ex.Request.Body = []byte(`{"text": [1.50]}`)
		ex.Body = exchange.Unread(ex.Request.Body, jsonvalue.Again)
	}
	for i := range ex.Parameters {
		ex.Parameters[i].Value = []any{json.Number("7"), "x"}
	}
	ex.Violations = []exchange.Violation{{In: exchange.Body, Name: "n", Pointer: "/a", Rule: "type", Expected: "e", Got: "g", Fix: "f", Contract: place("api.yaml:1:2")}}
	ex.Answer.Violations = []exchange.Violation{{In: exchange.Header, Name: "X"}}
	ex.Answer.Problem = &exchange.Problem{Code: exchange.ProblemNoStub, Status: 404, Detail: "d", Violations: ex.Violations, Known: []string{"a", "b"}, Text: "t"}
	ex.Decision.Considered = &evidence{"api.yaml:1:2"}
	e := &Entry{Exchange: ex, Stream: random.IntN(2) == 1}
	e.kept = keep(&ex, e.Stream, &tally{})
	e.kept.number = random.Uint64N(1 << 52)
	j := New(Options{})
	e.Begin(false)
	if random.IntN(2) == 1 {
		e.tally = &tally{all: &tallies{}}
		j.EndStream(e, OutcomeCut, 12, []byte("stream"), ex.Violations)
	}
	return e.kept
}

// travelled writes items as one replica does and reads them as another does.
func travelled(t *testing.T, items ...item) ([]item, *state.JournalBatch) {
	t.Helper()
	b, n := batchOf(items, 1, maxBatchBytes, New(Options{}).Redactor())
	if n != len(items) || b.Dropped != 0 {
		t.Fatalf("%d of %d items, %d dropped", n, len(items), b.Dropped)
	}
	got, err := readBatch(string(b.Data))
	if err != nil {
		t.Fatal(err)
	}
	return got, b
}

// TestWhatTravelsIsWhole holds that another replica reads of an entry what this one would.
func TestWhatTravelsIsWhole(t *testing.T) {
	t.Parallel()
	random, redactor := rand.New(rand.NewPCG(3, 4)), New(Options{}).Redactor()
	for range 100 {
		k := full(random)
		got, batch := travelled(t, item{kind: itemEntered, carried: carried{kept: k, made: 7}}, item{kind: itemDeleted, ids: []string{"a", "b"}}, item{kind: itemForgotten, of: "s", own: true, from: 9})
		if len(got) != 3 || got[0].made != 7 || got[0].number != k.number || batch.Newest != k.number || batch.Entries != 1 || len(got[1].ids) != 2 || got[2].of != "s" || !got[2].own || got[2].from != 9 {
			t.Fatalf("%+v", got)
		}
		want, have := k.seen(), got[0].seen()
		options := []cmp.Option{cmpopts.IgnoreUnexported(exchange.Exchange{}, exchange.Answer{}), contents, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(exchange.Decision{}, "Considered"), cmpopts.EquateApproxTime(0)}
		if diff := cmp.Diff(want.real(), have.real(), options...); diff != "" {
			t.Fatal(diff)
		}
		told := func(v *view) string {
			data, err := json.MarshalIndent(v.unmatched(redactor), "", " ")
			if err != nil {
				t.Fatal(err)
			}
			return string(data)
		}
		if diff := cmp.Diff(told(want), told(have)); diff != "" {
			t.Fatal(diff)
		}
		if k.size > 0 && (got[0].kept.size < k.size/4 || got[0].kept.size > 4*k.size) {
			t.Errorf("it is reckoned to take %d bytes here and %d there", k.size, got[0].kept.size)
		}
	}
}

// TestBrokenBatches cuts batches and changes bytes of them: that is an error or another
// entry, and nothing worse.
func TestBrokenBatches(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(5, 6))
	_, batch := travelled(t, item{kind: itemEntered, carried: carried{kept: full(random)}}, item{kind: itemDeleted, ids: []string{"a"}})
	for n := range batch.Data {
		if _, err := readBatch(string(batch.Data[:n])); err == nil && n != 1 {
			if items, _ := readBatch(string(batch.Data[:n])); len(items) == 2 {
				t.Errorf("%d of %d bytes are taken for all", n, len(batch.Data))
			}
		}
		broken := []byte(string(batch.Data))
		broken[n] ^= byte(1 + random.IntN(255))
		_, _ = readBatch(string(broken))
	}
	ex := exchange.Exchange{Request: exchange.Request{Body: []byte(`{"a":`)}}
	ex.Body = exchange.Unread(ex.Request.Body, jsonvalue.Again)
	b, _ := batchOf([]item{{kind: itemEntered, carried: carried{kept: keep(&ex, false, &tally{})}}}, 1, maxBatchBytes, New(Options{}).Redactor())
	if _, err := readBatch(string(b.Data)); err == nil || b.Dropped > 0 {
		t.Error("a body that is no JSON is taken for one")
	}
	if _, err := readBatch(string(rune(batchVersion + 1))); err == nil {
		t.Error("another version is read")
	}
}
