package journal

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// minSecret is the length from which on a secret value is taken out of texts that
// merely contain it, in bytes. A shorter one is hidden where its place is known: to
// take "1" out of every text would leave none.
const minSecret = 8

// Secrets are the secret values of one exchange. Only one goroutine may use it.
type Secrets struct {
	redactor *Redactor
	values   []string
	made     *exchange.Hiding // nil until it is needed

	base       string   // of the path
	pathValues []string // of hidden path parameters
}

// Of collects the secret values of an exchange that still has its headers.
func (r *Redactor) Of(ex *exchange.Exchange) *Secrets {
	s := &Secrets{redactor: r}
	s.headers(ex.Request.Header)
	s.headers(ex.Answer.Header)
	s.inPath(ex)
	for i := range ex.Parameters {
		p := &ex.Parameters[i]
		if text, ok := p.Value.(string); ok && r.hides(p.In, p.Name) {
			s.add(text)
		}
		s.properties(p.Value)
	}
	for _, pair := range ex.QueryPairs() {
		if r.hides(exchange.Query, pair.Name) {
			s.add(pair.Value)
		}
	}
	if len(r.properties) > 0 {
		s.properties(ex.Body.Value())
	}
	return s
}

func (s *Secrets) headers(h http.Header) {
	for name, lines := range h {
		if !s.redactor.hides(exchange.Header, name) {
			continue
		}
		for _, line := range lines {
			s.header(name, line)
		}
	}
}

// header adds the secret parts of a header line.
func (s *Secrets) header(name, line string) {
	s.add(line)
	switch name {
	case "Cookie", "Set-Cookie":
		for part := range strings.SplitSeq(line, ";") {
			if _, value, ok := strings.Cut(part, "="); ok {
				s.add(value)
			}
			if name == "Set-Cookie" {
				return // attributes follow
			}
		}
	default:
		if _, credentials, ok := strings.Cut(line, " "); ok {
			s.add(credentials)
		}
	}
}

// properties adds the texts below hidden properties of a decoded value.
func (s *Secrets) properties(v any) {
	if len(s.redactor.properties) == 0 {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if s.redactor.hidesProperty(name) {
				s.below(member)
			} else {
				s.properties(member)
			}
		}
	case []any:
		for _, item := range v {
			s.properties(item)
		}
	}
}

func (s *Secrets) below(v any) {
	switch v := v.(type) {
	case string:
		s.add(v)
	case map[string]any:
		for _, member := range v {
			s.below(member)
		}
	case []any:
		for _, item := range v {
			s.below(item)
		}
	}
}

func (s *Secrets) add(value string) {
	if value = strings.TrimSpace(value); len(value) < minSecret {
		return
	}
	s.values = append(s.values, value)
	if strings.ContainsAny(value, `"\`) {
		quoted := strconv.Quote(value) // as violations quote it
		s.values = append(s.values, quoted[1:len(quoted)-1])
	}
}

func (s *Secrets) hiding() *exchange.Hiding {
	if s.made == nil {
		s.made = exchange.NewHiding(s.values, minSecret)
	}
	return s.made
}

// Text takes the secret values out of a text. Where the text was cut, which an ellipsis
// shows, it takes out what a secret begins with as well.
func (s *Secrets) Text(text string) string {
	if len(s.values) == 0 || text == "" {
		return text
	}
	return s.hiding().Hide(text)
}

func (s *Secrets) texts(list []string) []string {
	if len(s.values) == 0 {
		return list
	}
	shown := make([]string, len(list))
	for i := range list {
		shown[i] = s.Text(list[i])
	}
	return shown
}

// Violation gives a violation that does not tell the value of something secret.
func (s *Secrets) Violation(v exchange.Violation) exchange.Violation {
	v = s.redactor.violation(v)
	if len(s.values) > 0 {
		for _, text := range []*string{&v.Name, &v.Pointer, &v.Expected, &v.Got, &v.Fix} {
			*text = s.Text(*text)
		}
	}
	return v
}

func (s *Secrets) violations(list []exchange.Violation) []exchange.Violation {
	shown := slices.Clone(list)
	for i := range shown {
		shown[i] = s.Violation(shown[i])
	}
	return shown
}
