package sequence_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract/sequence"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// reading is a body with what is read of it, or why it is not.
type reading struct {
	body, want string
	// index is the item that cannot be read, -1 for none.
	index int
	err   string
}

func checkReadings(t *testing.T, read func([]byte) ([]any, error), cases map[string]reading) {
	t.Helper()
	for name, test := range cases {
		items, err := read([]byte(test.body))
		text, _ := json.Marshal(items) // of decoded JSON
		index, told := -1, ""
		var bad *sequence.ItemError
		if errors.As(err, &bad) {
			index = bad.Index
		}
		if err != nil {
			told = err.Error()
		}
		if string(text) != test.want || index != test.index || !strings.Contains(told, test.err) || (told == "") != (test.err == "") {
			t.Errorf("%s: %s, item %d: %s", name, text, index, told)
		}
	}
}

// TestLines reads JSON lines (jsonlines.org, and NDJSON 1.0).
func TestLines(t *testing.T) {
	t.Parallel()
	checkReadings(t, sequence.Lines, map[string]reading{
		"nothing":                     {"", `[]`, -1, ""},
		"a line for each value":       {"{\"a\":1}\n[2]\n\"3\"\nnull\n", `[{"a":1},[2],"3",null]`, -1, ""},
		"no line feed at the end":     {"1\n2", `[1,2]`, -1, ""},
		"carriage returns":            {"1\r\n2\r\n", `[1,2]`, -1, ""},
		"empty lines are passed over": {"\n1\n \n\t\n2\n\n", `[1,2]`, -1, ""},
		"numbers keep their text":     {"1.50\n9007199254740993\n", `[1.50,9007199254740993]`, -1, ""},
		"a value over two lines":      {"1\n{\"a\":\n2}\n", `[1]`, 1, "unexpected EOF"},
		"two values on a line":        {"1 2\n", `[]`, 0, "more text after"},
		"no JSON":                     {"1\n2\nx\n", `[1,2]`, 2, "invalid character"},
		"a member twice":              {"{\"a\":1,\"a\":2}\n", `[]`, 0, "duplicate object member"},
		"no UTF-8":                    {"\"\xff\"\n", `[]`, 0, "invalid UTF-8"},
	})
}

// TestRecords reads JSON text sequences (RFC 7464).
func TestRecords(t *testing.T) {
	t.Parallel()
	checkReadings(t, sequence.Records, map[string]reading{
		"nothing":                            {"", `[]`, -1, ""},
		"records":                            {"\x1e{\"a\":1}\n\x1e[2]\n", `[{"a":1},[2]]`, -1, ""},
		"several separators (section 2.1)":   {"\x1e\x1e1\n\x1e\x1e\x1e2\n", `[1,2]`, -1, ""},
		"a value over several lines":         {"\x1e{\n\"a\":\n1}\n", `[{"a":1}]`, -1, ""},
		"no line feed where nothing is lost": {"\x1e{}\x1e\"a\"", `[{},"a"]`, -1, ""},
		"a number that may be cut (2.4)":     {"\x1e1\n\x1e12", `[1]`, 1, "a number must end with a line feed"},
		"no separator":                       {"1\n", `null`, 0, "record separator"},
		"no JSON":                            {"\x1e1\n\x1e{\n", `[1]`, 1, "unexpected EOF"},
	})
}

// TestEvents reads event streams (WHATWG HTML section 9.2.6), a row for each rule.
func TestEvents(t *testing.T) {
	t.Parallel()
	checkReadings(t, sequence.Events, map[string]reading{
		"nothing":                                {"", `[]`, -1, ""},
		"data":                                   {"data: a\n\n", `[{"data":"a"}]`, -1, ""},
		"an event ends with the stream":          {"data: a", `[{"data":"a"}]`, -1, ""},
		"data of several lines is joined":        {"data: a\ndata\ndata: b\n\n", `[{"data":"a\n\nb"}]`, -1, ""},
		"one space is taken off":                 {"data:  a\n\n", `[{"data":" a"}]`, -1, ""},
		"no space is needed":                     {"data:a\n\n", `[{"data":"a"}]`, -1, ""},
		"a field without a colon is empty":       {"data\n\n", `[{"data":""}]`, -1, ""},
		"all fields":                             {"event: e\nid: 7\nretry: 100\ndata: d\n\n", `[{"data":"d","event":"e","id":"7","retry":100}]`, -1, ""},
		"the last of a field counts":             {"event: a\nevent: b\ndata: d\n\n", `[{"data":"d","event":"b"}]`, -1, ""},
		"comments are no events":                 {": hello\n\n:\n\ndata: a\n: between\ndata: b\n\n", `[{"data":"a\nb"}]`, -1, ""},
		"unknown fields are passed over":         {"colour: red\ndata: a\n\n", `[{"data":"a"}]`, -1, ""},
		"names have case":                        {"Data: a\n\n", `[]`, -1, ""},
		"retry that is no number is passed over": {"retry: soon\ndata: a\n\n", `[{"data":"a"}]`, -1, ""},
		"retry loses zeros in front":             {"retry: 007\n\nretry: 00\n\n", `[{"retry":7},{"retry":0}]`, -1, ""},
		"lines end with CR, LF or both":          {"data: a\r\ndata: b\rdata: c\n\r\ndata: d\r\r", `[{"data":"a\nb\nc"},{"data":"d"}]`, -1, ""},
		"a byte order mark is taken off":         {"\ufeffdata: a\n\n", `[{"data":"a"}]`, -1, ""},
		"an id with a zero byte is passed over":  {"id: a\x00\ndata: a\n\n", `[{"data":"a"}]`, -1, ""},
		"a second one is none":                   {"\ufeff\ufeffdata: a\n\n", `[]`, -1, ""},
		"several empty lines":                    {"\n\ndata: a\n\n\n\ndata: b\n\n", `[{"data":"a"},{"data":"b"}]`, -1, ""},
		"no UTF-8":                               {"data: \xff\n\n", `null`, 0, "not UTF-8"},
	})
}

// TestWritten holds how values are written, and that they are read back.
func TestWritten(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		value string
		write func([]byte, *source.Node) []byte
		read  func([]byte) ([]any, error)
		want  string
	}{
		"a line":               {`{"a": [1, 2.50]}`, sequence.AppendLine, sequence.Lines, "{\"a\":[1,2.50]}\n"},
		"a line with a break":  {`"a\nb"`, sequence.AppendLine, sequence.Lines, "\"a\\nb\"\n"},
		"a record":             {`7`, sequence.AppendRecord, sequence.Records, "\x1e7\n"},
		"an event":             {`{"data": "a\r\nb\rc", "retry": 5, "id": "i", "event": "e"}`, sequence.AppendEvent, sequence.Events, "event: e\nid: i\nretry: 5\ndata: a\ndata: b\ndata: c\n\n"},
		"an event of data":     {`"a"`, sequence.AppendEvent, sequence.Events, "data: a\n\n"},
		"an event of JSON":     {`{"data": {"a": 1}}`, sequence.AppendEvent, sequence.Events, "data: {\"a\":1}\n\n"},
		"an event of a list":   {`[1]`, sequence.AppendEvent, sequence.Events, "data: [1]\n\n"},
		"an event without any": {`{"other": 1}`, sequence.AppendEvent, nil, "\n"},
	} {
		n, problems := source.Parse(&source.File{Name: "value.json", Data: []byte(test.value)}, source.Options{})
		if n == nil {
			t.Fatal(problems)
		}
		got := test.write(nil, n)
		if string(got) != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
		if test.read == nil {
			continue
		}
		if items, err := test.read(got); err != nil || len(items) != 1 {
			t.Errorf("%s: read again: %v %v", name, items, err)
		}
	}
}

// FuzzRead holds that no body makes a panic, and that what is read can be shown.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{"1\n2\n", "\x1e{}\n\x1e1", "data: a\nretry: 00\n\n", ":\n\n\r\r\ufeff", "id\x00: a"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, read := range []func([]byte) ([]any, error){sequence.Lines, sequence.Records, sequence.Events} {
			items, err := read(body)
			if _, failed := json.Marshal(items); failed != nil {
				t.Errorf("%v: %v", items, failed)
			}
			var bad *sequence.ItemError
			if errors.As(err, &bad) && (bad.Index < 0 || bad.Index > len(items)) {
				t.Errorf("item %d of %d", bad.Index, len(items))
			}
		}
	})
}
