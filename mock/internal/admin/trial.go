package admin

import (
	"encoding/base64"
	"net/http"
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/sample"
)

// trial is a request for an operation that keeps to the contract.
type trial struct {
	Method string `json:"method"`
	// Path has the base path in front and the query behind it.
	Path    string      `json:"path"`
	Headers http.Header `json:"headers"`
	// Body is absent where there is none, and where it is no text.
	Body   *string `json:"body,omitempty"`
	Base64 string  `json:"base64,omitempty"`
}

// newTrial makes a request with a body of a media type, "" for any.
func newTrial(op *contract.Operation, mediaType string) (*trial, error) {
	call, err := sample.RequestAs(op, mediaType, sample.Options{})
	if err != nil {
		return nil, err
	}
	t := &trial{Method: call.Method, Path: call.Path, Headers: call.Header}
	if call.RawQuery != "" {
		t.Path += "?" + call.RawQuery
	}
	switch text := string(call.Body); {
	case call.Body == nil:
	case utf8.ValidString(text):
		t.Body = &text
	default:
		t.Base64 = base64.StdEncoding.EncodeToString(call.Body)
	}
	return t, nil
}
