package journal

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// TestKeptIsWhole fills every field of an exchange, one way and another, and holds that a
// reader finds it as it was. A field that is new must be added to packed or named
// here as one that the journal does not keep.
func TestKeptIsWhole(t *testing.T) {
	t.Parallel()
	notKept := map[string]bool{
		"MediaType": true, "Security": true, "Unchecked": true, // coverage and reports have counted them
		"Request.Stored": true, "Decision.StubKey": true, "Decision.Considered": true, "Answer.Pieces": true, "Answer.Calls": true, "Answer.Problem": true,
		"Violations": true, "Answer.Violations": true, // kept as they are, not packed
		"Held": true, // of an answer under way
		"Time": true,
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var ex exchange.Exchange
		fill(random, reflect.ValueOf(&ex).Elem(), "", notKept)
		ex.Time = time.Now()
		value := anyValue(random, 3)
		ex.Body = exchange.Decoded(value)
		if text, err := json.Marshal(value); err == nil && random.IntN(2) == 0 {
			ex.Request.Body = text
			ex.Body = exchange.DecodedFrom(text, jsonvalue.Again(text), jsonvalue.Again)
		}
		for i := range ex.Parameters {
			p := &ex.Parameters[i]
			if p.Value = anyValue(random, 2); !p.Present {
				p.Raw = ""
			}
		}
		ex.Violations = []exchange.Violation{{In: exchange.Body, Pointer: "/a"}}
		ex.Answer.Problem = &exchange.Problem{Detail: "d"}
		want := ex
		want.Request.Header, want.Answer.Header = ex.Request.Header.Clone(), ex.Answer.Header.Clone()
		got := keep(&ex, false, &tally{}).seen().real()
		clear(ex.Request.Header) // its owner goes on with it
		clear(ex.Answer.Header)
		if diff := cmp.Diff(&want, got, cmpopts.IgnoreUnexported(exchange.Exchange{}, exchange.Answer{}), contents, cmpopts.EquateEmpty()); diff != "" {
			t.Fatal(diff)
		}
	}
}

// contents compares what bodies say.
var contents = cmp.Transformer("Content", func(c exchange.Content) any { return map[bool]any{c.IsDecoded(): c.Value()} })

// TestBodyIsReadFromItsText holds that a JSON body is kept once, as its text, and that
// nothing is read of it before somebody asks.
func TestBodyIsReadFromItsText(t *testing.T) {
	t.Parallel()
	text := []byte(`{"a": [1.50, {"pin": "a-long-secret"}]}`)
	ex := exchange.Exchange{Request: exchange.Request{Body: text}}
	ex.Body = exchange.Unread(text, func([]byte) any { panic("it was read") })
	k := keep(&ex, false, &tally{})
	if strings.Contains(k.data, "pin") {
		t.Errorf("it is kept twice: %q", k.data)
	}
	want := map[string]any{"a": []any{json.Number("1.50"), map[string]any{"pin": "a-long-secret"}}}
	v := k.seen()
	if diff := cmp.Diff(want, v.real().Body.Value()); diff != "" {
		t.Error(diff)
	}
	v = k.seen()
	shown := v.shown(v.real(), newRedactor([]string{"pin"}))
	want["a"].([]any)[1] = map[string]any{"pin": exchange.Redacted}
	if diff := cmp.Diff(want, shown.Body.Value()); diff != "" {
		t.Error(diff)
	}
	long := []byte(`["` + strings.Repeat("x", MaxBody) + `"]`)
	ex.Request.Body, ex.Body = long, exchange.Unread(long, jsonvalue.Again)
	if v := keep(&ex, false, &tally{}).seen(); v.exchange.Body.IsDecoded() || !v.is(bodyDropped) {
		t.Error("one that is cut seems to be there")
	}
	ex.Body = exchange.Decoded([]any{json.Number("7")}) // as of an upload
	if v := keep(&ex, false, &tally{}).seen(); v.is(bodyDropped) || cmp.Diff([]any{json.Number("7")}, v.exchange.Body.Value()) != "" {
		t.Error("one that says little is dropped with its text")
	}
}

// fill gives every field below v a value, except for those that are named.
func fill(random *rand.Rand, v reflect.Value, path string, except map[string]bool) {
	for i := range v.NumField() {
		f, name := v.Field(i), path+v.Type().Field(i).Name
		if except[name] || !f.CanSet() {
			continue
		}
		switch f.Interface().(type) {
		case http.Header:
			f.Set(reflect.ValueOf(http.Header{"A": {"1", "2"}, "B": {strconv.Itoa(random.IntN(1000))}}))
			continue
		case []exchange.Parameter:
			list := make([]exchange.Parameter, random.IntN(4))
			for i := range list {
				fill(random, reflect.ValueOf(&list[i]).Elem(), name+".", nil)
			}
			f.Set(reflect.ValueOf(list))
			continue
		}
		switch f.Kind() {
		case reflect.Struct:
			fill(random, f, name+".", except)
		case reflect.String:
			f.SetString(strings.Repeat(name, random.IntN(20)))
		case reflect.Bool:
			f.SetBool(random.IntN(2) == 1)
		case reflect.Int, reflect.Int64:
			f.SetInt(random.Int64N(1 << 40))
		case reflect.Uint64:
			f.SetUint(random.Uint64())
		case reflect.Slice:
			if f.Type().Elem().Kind() == reflect.Uint8 {
				f.SetBytes([]byte(name))
				continue
			}
			f.Set(reflect.ValueOf([]string{"a", "", name}))
		case reflect.Interface: // decoded values, which the caller fills in
		default:
			panic("a field of a new kind: " + name)
		}
	}
}

// anyValue makes a decoded value, of all kinds that there are.
func anyValue(random *rand.Rand, depth int) any {
	switch n := random.IntN(9); {
	case n == 0:
		return nil
	case n <= 2:
		return n == 1
	case n == 3:
		return json.Number(strconv.Itoa(random.IntN(1000)) + ".50")
	case n == 4:
		return struct{ Length int }{random.IntN(10)} // what is no JSON value is kept as it is
	case n == 5 || depth == 0:
		return strings.Repeat("x", random.IntN(300))
	case n == 6:
		list := make([]any, random.IntN(4))
		for i := range list {
			list[i] = anyValue(random, depth-1)
		}
		return list
	}
	object := map[string]any{}
	for i := range random.IntN(4) {
		object[strconv.Itoa(i)] = anyValue(random, depth-1)
	}
	return object
}
