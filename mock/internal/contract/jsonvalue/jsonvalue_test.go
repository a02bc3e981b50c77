package jsonvalue_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/understudy-mock/understudy/mock/internal/contract/jsonvalue"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]any{
		`null`:                      nil,
		` {"a": [1, -0.50, 1e400]}`: map[string]any{"a": []any{json.Number("1"), json.Number("-0.50"), json.Number("1e400")}},
		`"\u00e9\n"`:                "é\n",
		`9007199254740993`:          json.Number("9007199254740993"),
		`[]`:                        []any{},
		`{}`:                        map[string]any{},
		`false`:                     false,
	} {
		got, err := jsonvalue.Decode([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
	for _, text := range []string{
		"", " ", "{", "[1,]", "{\"a\":1,}", "01", "+1", "1.", ".5", "0x1", "NaN", "'a'", "nul", "1 2", "{} x", "{\"a\":1,\"a\":2}",
		"\"\xff\"", "\"\x01\"", `"\ud800"`, "// x\n1", "\ufeff1", strings.Repeat("[", 1001) + strings.Repeat("]", 1001),
		strings.Repeat(`{"a":`, 1001) + "1" + strings.Repeat("}", 1001),
	} {
		if got, err := jsonvalue.Decode([]byte(text)); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
	for _, text := range []string{strings.Repeat("[", 1000) + strings.Repeat("]", 1000), strings.Repeat(`{"a":`, 1000) + "1" + strings.Repeat("}", 1000)} {
		if _, err := jsonvalue.Decode([]byte(text)); err != nil {
			t.Errorf("1,000 levels: %v", err)
		}
	}
}

func TestReason(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		reason, pointer string
		offset          int64
	}{
		"":                                   {"a text that ends too early", "", -1},
		`{"a": [1, `:                         {"a text that ends too early", "/a", 10},
		`{"a": [1, x]}`:                      {`invalid character 'x' at start of value`, "/a/1", 10},
		`1 2`:                                {"there is more text after the value", "", -1},
		`{"a": 1, "a": [2]}`:                 {"duplicate object member name", "/a", 9},
		`{"a": ` + strings.Repeat("[", 2000): {"arrays and objects are nested more than 1000 deep", "/a" + strings.Repeat("/0", 998), 1005},
	} {
		_, err := jsonvalue.Decode([]byte(text))
		reason, pointer, offset := jsonvalue.Reason(err)
		if reason != want.reason || pointer != want.pointer || offset != want.offset {
			t.Errorf("%s: %q at %q, byte %d", text, reason, pointer, offset)
		}
		if jsonvalue.IsDuplicate(err) != strings.HasPrefix(reason, "duplicate") {
			t.Errorf("%s: a duplicate: %v", text, jsonvalue.IsDuplicate(err))
		}
	}
}

// TestMember looks for members in objects of one and of many, which are found in another way.
func TestMember(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 16, 17, 200} {
		var text strings.Builder
		text.WriteString(`[{"other": 1}, {`)
		for i := range n {
			if i > 0 {
				text.WriteString(", ")
			}
			fmt.Fprintf(&text, `"m%d": [%d]`, i, i)
		}
		text.WriteString("}]")
		f := jsonvalue.NewFlat()
		if !f.Read([]byte(text.String())) {
			t.Fatal(text.String())
		}
		object := int(f.Nodes[1].Next)
		for i := range n {
			at := f.Member(object, fmt.Sprint("m", i))
			if at == 0 || f.Nodes[at+1].Text != fmt.Sprint(i) {
				t.Errorf("%d of %d: found at %d", i, n, at)
			}
		}
		if at := f.Member(object, "other"); at != 0 {
			t.Errorf("that of a neighbour is found among %d, at %d", n, at)
		}
		f.Release()
	}
}

// FuzzDecode: what is read is what encoding/json reads, and what it refuses
// is refused.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.0,"x",null,true]}`, `[[[]]]`, `"\ud83d\ude00"`, `1e-7`, `{"":{}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := jsonvalue.Decode(data)
		if err != nil {
			return
		}
		dec := json.NewDecoder(bytes.NewReader(data))
		dec.UseNumber()
		var want any
		if err := dec.Decode(&want); err != nil {
			t.Fatalf("read %v where encoding/json says %v", got, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}
