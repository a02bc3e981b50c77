package contract

import (
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// Limits on one multipart body; beyond them it is not read. A part that is multipart
// itself is not taken apart.
const (
	// MaxParts bounds the parts.
	MaxParts = 1000
	// MaxPartHeader bounds the lines in the header of one part, and the length of each.
	MaxPartHeader     = 32
	maxPartHeaderLine = 8 << 10
)

// Boundary separates the parts of multipart bodies that are written.
const Boundary = "understudy-part-boundary"

// part is one part of a body as sent.
type part struct {
	name, filename string
	named, isFile  bool
	header         map[string][]string
	// contentType is what the part says of itself, "" for nothing.
	contentType string
	content
}

// splitParts takes a body apart (RFC 2046 section 5.1, RFC 7578). The parts together hold
// at most room bytes; of files, which isFile tells by the header, more may be sent.
func splitParts(t MediaType, body io.Reader, room int64, isFile func(s *part, index int) bool) ([]*part, *exchange.Violation) {
	boundary := t.Params["boundary"]
	if boundary == "" {
		return nil, badParts("a boundary in Content-Type", "none", adviseBoundary(t, body))
	}
	r := multipart.NewReader(body, boundary)
	var list []*part
	for {
		next, err := r.NextRawPart()
		if err == io.EOF {
			return list, nil
		}
		if err != nil {
			return nil, badParts("parts", strings.TrimPrefix(err.Error(), "multipart: "), "end each part with CRLF, and the body with --"+shorten(boundary)+"--")
		}
		if len(list) >= MaxParts {
			return nil, badParts(fmt.Sprintf("at most %d parts", MaxParts), "more", "send fewer parts")
		}
		s, reason := newPart(next)
		if reason != "" {
			return nil, badParts("parts with a header within limits", reason, "send shorter headers")
		}
		s.content, err = readContent(next, room, isFile(s, len(list)))
		switch {
		case errors.Is(err, errNoRoom):
			return nil, badParts("parts that are no files within limits", "more than can be held", "send less text, or send it as a file where the contract describes one")
		case err != nil:
			return nil, badParts("parts", "the body ends within a part", "end the body with --"+shorten(boundary)+"--")
		}
		room -= int64(len(s.data))
		list = append(list, s)
	}
}

// maxBoundary bounds a boundary, in bytes (RFC 2046 section 5.1.1).
const maxBoundary = 70

// boundaryBytes are those of a boundary beside letters and digits (RFC 2046 section 5.1.1).
// A blank, which may stand inside of one, is nobody's.
const boundaryBytes = "'()+_,-./:=?"

// adviseBoundary says what to send where Content-Type has no boundary: the one with which
// the body begins, else one of ours with the way to use it.
func adviseBoundary(t MediaType, body io.Reader) string {
	start := make([]byte, len("--")+maxBoundary+len("--\r\n"))
	n, _ := io.ReadFull(body, start) // what is not there to be read is no boundary
	line, _, whole := strings.Cut(string(start[:n]), "\n")
	boundary, dashed := strings.CutPrefix(strings.TrimSuffix(line, "\r"), "--")
	boundary = strings.TrimSuffix(boundary, "--") // the end of a body without parts
	ours := boundary == "" || len(boundary) > maxBoundary || strings.ContainsFunc(boundary, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && !strings.ContainsRune(boundaryBytes, r)
	})
	if ours = ours || !whole || !dashed; ours {
		boundary = Boundary
	}
	fix := "send Content-Type: " + mime.FormatMediaType(t.Type+"/"+t.Subtype, map[string]string{"boundary": boundary})
	if ours {
		fix += ", begin each part with a line --" + boundary + ", and end the body with --" + boundary + "--"
	}
	return fix
}

func badParts(expected, got, fix string) *exchange.Violation {
	return &exchange.Violation{In: exchange.Body, Rule: exchange.RuleDecode, Expected: expected, Got: got, Fix: fix}
}

// formNames undoes what browsers do to names (WHATWG HTML section 4.10.22.8).
var formNames = strings.NewReplacer("%22", `"`, "%0D", "\r", "%0A", "\n")

// newPart reads the header of a part. The reason tells of one that is too large.
func newPart(p *multipart.Part) (s *part, reason string) {
	s = &part{header: p.Header, contentType: p.Header.Get("Content-Type")}
	lines := 0
	for name, values := range p.Header {
		for _, value := range values {
			if lines++; len(name)+len(value) > maxPartHeaderLine {
				return nil, "a line of more than 8 KiB"
			}
		}
	}
	if lines > MaxPartHeader {
		return nil, fmt.Sprintf("a header of %d lines", lines)
	}
	_, params, err := mime.ParseMediaType(p.Header.Get("Content-Disposition"))
	if err != nil && params == nil {
		return s, ""
	}
	s.name, s.named = params["name"]
	s.filename, s.isFile = params["filename"]
	s.name, s.filename = formNames.Replace(s.name), formNames.Replace(s.filename)
	return s, ""
}
