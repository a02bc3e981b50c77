package contract_test

import (
	"testing"

	"github.com/understudy-mock/understudy/mock/internal/contract"
)

// TestNearest holds which type stands for a range: one that the range admits.
func TestNearest(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"application/json":              "application/json",
		"text/html; charset=iso-8859-1": "text/html; charset=iso-8859-1",
		"*/*":                           "application/json",
		"application/*":                 "application/json",
		"application/*+json":            "application/x-sample+json",
		"application/*+xml":             "application/x-sample+xml",
		"text/*":                        "text/plain; charset=utf-8",
		"image/*":                       "image/png",
		"audio/*":                       "audio/mpeg",
		"video/*":                       "video/mp4",
		"font/*":                        "font/woff2",
		"multipart/*":                   "multipart/mixed; boundary=" + contract.Boundary,
		"model/*":                       "model/x-sample",
	} {
		m, ok := contract.ParseMediaType(text)
		if !ok {
			t.Fatal(text)
		}
		got := m.Nearest()
		if got.String() != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
		if _, ok := m.Admits(got); !ok {
			t.Errorf("%s does not admit %s", text, got)
		}
	}
}
