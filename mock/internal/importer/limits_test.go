package importer_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/importer"
)

// TestLargeFiles refuses a file, and files together, that are longer than they may be.
func TestLargeFiles(t *testing.T) {
	t.Parallel()
	sparse := func(name string, size int64) {
		write(t, name, "{}")
		if err := os.Truncate(name, size); err != nil {
			t.Fatal(err)
		}
	}
	one := filepath.Join(t.TempDir(), "one.json")
	sparse(one, importer.MaxFileSize+1)
	if _, err := importer.Import(t.Context(), importer.WireMock, []string{one}, shop(t), importer.Options{}); err == nil || !strings.Contains(err.Error(), "it is larger than 64 MiB") {
		t.Errorf("one: %v", err)
	}
}

// TestManyFiles refuses more than MaxFiles.
func TestManyFiles(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "mappings")
	write(t, filepath.Join(dir, "0.json"), `{}`)
	for i := range importer.MaxFiles {
		// A link is another file to read, and costs less to make.
		if err := os.Link(filepath.Join(dir, "0.json"), filepath.Join(dir, fmt.Sprintf("a%d.json", i))); err != nil {
			t.Skip("links cannot be made here:", err)
		}
	}
	if _, err := importer.Import(t.Context(), importer.WireMock, []string{filepath.Dir(dir)}, shop(t), importer.Options{}); err == nil || !strings.Contains(err.Error(), "there are more than 10000 files") {
		t.Errorf("%.300v", err)
	}
}

// TestLongPatterns leaves out a rule with a regular expression that is too long.
func TestLongPatterns(t *testing.T) {
	t.Parallel()
	for n, left := range map[int]int{2_000: 0, 2_001: 1} {
		file := filepath.Join(t.TempDir(), "a.json")
		write(t, file, fmt.Sprintf(`{"request": {"method": "GET", "urlPath": "/v1/orders/1", "headers": {"X-A": {"matches": %q}}}, "response": {"status": 404}}`, strings.Repeat("a", n)))
		r, err := importer.Import(t.Context(), importer.WireMock, []string{file}, shop(t), importer.Options{})
		if err != nil || r.LeftOut != left {
			t.Errorf("%d bytes: %v, %+v", n, err, r)
		}
	}
}

// TestRandomLengths leaves out a header with a random text that is too long.
func TestRandomLengths(t *testing.T) {
	t.Parallel()
	for helper, left := range map[string]int{
		"length=64 type='HEXADECIMAL'":  0,
		"length=65 type='HEXADECIMAL'":  1,
		"length=64 type='ALPHABETIC'":   0,
		"length=65 type='ALPHABETIC'":   1,
		"length=64":                     0,
		"length=65":                     1,
		"length=18 type='NUMERIC'":      0,
		"length=19 type='NUMERIC'":      1,
		"length=999 type='UUID'":        0,
		"length=99999999999999999999":   1,
		"length=5 type='ALPHANUMERICS'": 1,
	} {
		file := filepath.Join(t.TempDir(), "a.json")
		write(t, file, `{"request": {"method": "GET", "urlPath": "/v1/orders/1"}, "response": {"status": 404, "headers": {"X-A": "{{randomValue `+helper+`}}"}, "transformers": ["response-template"]}}`)
		r, err := importer.Import(t.Context(), importer.WireMock, []string{file}, shop(t), importer.Options{})
		if err != nil || r.LeftOut != left {
			t.Errorf("%s: %v, %+v", helper, err, r)
		}
	}
}

// TestManyAlternatives leaves out a response of Mockoon with too many rules of which one
// must hold.
func TestManyAlternatives(t *testing.T) {
	t.Parallel()
	for n, left := range map[int]int{50: 0, 51: 1} {
		var rules []string
		for i := range n {
			rules = append(rules, fmt.Sprintf(`{"target": "header", "modifier": "X-A", "value": "%d", "operator": "equals"}`, i))
		}
		file := filepath.Join(t.TempDir(), "a.json")
		write(t, file, fmt.Sprintf(`{"endpointPrefix": "v1", "routes": [{"type": "http", "method": "get", "endpoint": "orders/:id", "responses": [{"statusCode": 404, "rules": [%s], "rulesOperator": "OR"}, {"statusCode": 404, "default": true}]}]}`, strings.Join(rules, ", ")))
		r, err := importer.Import(t.Context(), importer.Mockoon, []string{file}, shop(t), importer.Options{})
		if err != nil || r.LeftOut != left {
			t.Errorf("%d rules: %v, %+v", n, err, r)
		}
	}
}
