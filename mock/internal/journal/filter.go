package journal

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// Filter chooses entries: those that everything stated holds for. The zero Filter
// chooses all.
type Filter struct {
	// Operation is the operation's name, which may have that of its description before
	// it, as in "shop.getOrder"; "" is any.
	Operation string
	// Session is the session's id, pointing to "" for requests without one; nil is any,
	// also those that were refused and are nobody's.
	Session *string
	// Status is a number such as "404" or a range such as "4XX", of the answer that
	// was chosen; "" is any.
	Status string
	// Valid chooses by Record.Valid; nil is any.
	Valid *bool
	// Matched chooses by whether the request was answered as it was meant: false gives
	// those that have a Gap. nil is any.
	Matched *bool
	// Scenario and Stub are the names of what answered; "" is any.
	Scenario, Stub string
	// Method is compared without case; "" is any.
	Method string
	// Path is the escaped path, or what it begins with where a "*" ends it; "" is any.
	Path string
	// Text stands anywhere in what people see of the exchange: URL, headers, bodies,
	// violations, and why it was answered so. Case does not count; "" is any.
	Text string
	// Since and Until bound when the request arrived; the zero Time is no bound. Until
	// itself is excluded.
	Since, Until time.Time
	// After chooses entries with a higher number; 0 is any.
	After uint64
	// Violates is the place of a breach of the contract, such as "header", and behind a
	// space the name or the pointer, as in "header x-fingerprint" or "body /name"; "" is
	// any.
	Violates string
}

// places are what Filter.Violates may be.
var places = []exchange.Location{
	exchange.Path, exchange.Query, exchange.Header, exchange.Cookie, exchange.Body, exchange.Security, exchange.MediaType, exchange.Accept,
}

// check gives an error for what can choose nothing.
func (f *Filter) check() error {
	if f.Status != "" && statusClass(f.Status) == 0 {
		if n, err := strconv.Atoi(f.Status); err != nil || n < 100 || n > 599 {
			return fmt.Errorf("%q is no status: write a number such as 404, or a range such as 4XX", f.Status)
		}
	}
	if in, _, _ := strings.Cut(f.Violates, " "); in != "" && !slices.Contains(places, exchange.Location(in)) {
		return fmt.Errorf("%q is no place that can break the contract: use one of %q", in, places)
	}
	return nil
}

// statusClass gives the first digit of a range such as 4XX, 0 for what is none.
func statusClass(text string) int {
	if len(text) == 3 && text[0] >= '1' && text[0] <= '5' && strings.EqualFold(text[1:], "xx") {
		return int(text[0] - '0')
	}
	return 0
}

// admits tells whether an entry is among the chosen.
func (f *Filter) admits(v *view, redactor *Redactor) bool {
	ex := &v.exchange
	if !f.admitsPlain(ex) || v.number <= f.After || f.Session != nil && (ex.Refused() || *f.Session != ex.Session) {
		return false
	}
	if f.Matched != nil && *f.Matched != (v.gap() == "") {
		return false
	}
	if f.Text == "" {
		return true
	}
	r := v.record(redactor)
	return r.has(f.Text)
}

func (f *Filter) admitsPlain(ex *exchange.Exchange) bool {
	r, d := &ex.Request, &ex.Decision
	equal := func(want, got string) bool { return want == "" || want == got }
	return (equal(f.Operation, ex.Operation) || f.Operation == ex.API+"."+ex.Operation) && equal(f.Scenario, d.Scenario) && equal(f.Stub, d.Stub) &&
		(f.Method == "" || strings.EqualFold(f.Method, r.Method)) &&
		(f.Valid == nil || *f.Valid == valid(ex)) &&
		(f.Since.IsZero() || !ex.Time.Before(f.Since)) && (f.Until.IsZero() || ex.Time.Before(f.Until)) &&
		f.admitsStatus(statusOf(&ex.Answer)) && f.admitsPath(r.Path) &&
		(f.Violates == "" || slices.ContainsFunc(ex.Violations, f.admitsPlace))
}

func (f *Filter) admitsPlace(v exchange.Violation) bool {
	in, part, _ := strings.Cut(f.Violates, " ")
	return string(v.In) == in && (part == "" || v.Pointer == part || v.Name == part || v.In == exchange.Header && strings.EqualFold(v.Name, part))
}

func (f *Filter) admitsStatus(status int) bool {
	if class := statusClass(f.Status); class > 0 {
		return status/100 == class
	}
	return f.Status == "" || strconv.Itoa(status) == f.Status
}

func (f *Filter) admitsPath(path string) bool {
	if begin, ok := strings.CutSuffix(f.Path, "*"); ok {
		return strings.HasPrefix(path, begin)
	}
	return f.Path == "" || f.Path == path
}

// gap says what was missing to answer the entry's request as it was meant.
func (v *view) gap() Gap {
	if v.exchange.Decision.Step == exchange.StepContract {
		return gapOf(v.real()) // asks the stubs
	}
	return gapOf(&v.exchange)
}

// has tells whether a text stands anywhere in a record, in any case.
func (r *Record) has(text string) bool {
	text = strings.ToLower(text)
	in := func(texts ...string) bool {
		return slices.ContainsFunc(texts, func(s string) bool { return strings.Contains(strings.ToLower(s), text) })
	}
	inHeader := func(h map[string][]string) bool {
		for name, lines := range h {
			for _, line := range lines {
				if in(name + ": " + line) {
					return true
				}
			}
		}
		return false
	}
	inBody := func(b *RecordedBody) bool { return b != nil && in(b.Text) }
	return in(r.ID, r.Session, r.Operation, r.Request.Method, r.Request.URL, r.Decision.Why, r.Decision.Scenario, r.Decision.Stub, string(r.Response.Problem)) ||
		inHeader(r.Request.Header) || inHeader(r.Response.Header) || inBody(r.Request.Body) || inBody(r.Response.Body) ||
		slices.ContainsFunc(r.Violations, func(v RecordedBreach) bool { return in(v.Message) })
}
