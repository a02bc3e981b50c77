package contract

import (
	"fmt"
	"strconv"
	"strings"
)

// Default is the name of the response for every status not described otherwise.
const Default = "default"

// MinStatus and MaxStatus bound the statuses that can be sent: net/http treats
// lower ones as informational.
const (
	MinStatus = 200
	MaxStatus = 599
)

// preferredStatuses are the numbers tried, in this order, for a response that is
// described for default or a range. A range that is not here, and one whose
// numbers are all described more exactly, gets its lowest free number.
var preferredStatuses = map[string][]int{
	Default: {503, 500, 502, 504, 418},
	"4XX":   {400, 404, 409, 422, 418},
}

// ParseStatus reads a status as scenario files, Prefer: code and responses write
// it: a number that can be sent, a range such as 4XX, or default. It gives the
// canonical form, and 0 for the number of a range or default.
func ParseStatus(text string) (name string, number int, err error) {
	switch upper := strings.ToUpper(text); {
	case upper == "DEFAULT":
		return Default, 0, nil
	case len(upper) == 3 && upper[0] >= '2' && upper[0] <= '5' && upper[1:] == "XX":
		return upper, 0, nil
	}
	number, err = strconv.Atoi(text)
	if err != nil || len(text) != 3 {
		return "", 0, fmt.Errorf("%q is not a status: write a number such as 404, a range such as 4XX, or default", text)
	}
	if number < MinStatus || number > MaxStatus {
		return "", 0, fmt.Errorf("status %d cannot be sent: only %d to %d can", number, MinStatus, MaxStatus)
	}
	return text, number, nil
}

// Informational tells whether the response is one of 1xx (RFC 9110 section 15.2), which
// comes before an answer and is none: no scenario and no preference can name it.
func (r *Response) Informational() bool { return strings.HasPrefix(r.Status, "1") }

func rangeOf(status int) string { return strconv.Itoa(status/100) + "XX" }

// Respond gives the response that the contract describes for a status, written
// as ParseStatus reads it, and the number to send. A number is looked up
// exactly, then by range, then as default. ok is false where nothing fits.
func (op *Operation) Respond(status string) (r *Response, number int, ok bool) {
	name, number, err := ParseStatus(status)
	if err != nil {
		return nil, 0, false
	}
	if number == 0 {
		if r = op.response(name); r == nil {
			return nil, 0, false
		}
		return r, op.freeStatus(name), true
	}
	for _, key := range []string{name, rangeOf(number), Default} {
		if r = op.response(key); r != nil {
			return r, number, true
		}
	}
	return nil, 0, false
}

// Success gives the contract's own success: the lowest 2xx, then 2XX, default,
// and the first response described, with the number to send.
func (op *Operation) Success() (r *Response, number int, ok bool) {
	return op.success.response, op.success.number, op.success.response != nil
}

// success is the contract's own success, found at load.
type success struct {
	response *Response
	number   int
}

func (op *Operation) findSuccess() (s success) {
	for _, r := range op.Responses {
		if n, err := strconv.Atoi(r.Status); err == nil && n >= 200 && n < 300 && (s.response == nil || n < s.number) {
			s = success{r, n}
		}
	}
	if s.response != nil {
		return s
	}
	for _, name := range []string{"2XX", Default} {
		if r := op.response(name); r != nil {
			return success{r, 200}
		}
	}
	for _, r := range op.Responses {
		if _, number, ok := op.Respond(r.Status); ok {
			return success{r, number}
		}
	}
	return s
}

func (op *Operation) response(name string) *Response {
	for _, r := range op.Responses {
		if r.Status == name {
			return r
		}
	}
	return nil
}

// freeStatus gives the number to send for default or a range: one that the
// operation does not describe more exactly, if there is one.
func (op *Operation) freeStatus(name string) int {
	described := func(number int) bool {
		return op.response(strconv.Itoa(number)) != nil || name == Default && op.response(rangeOf(number)) != nil
	}
	for _, number := range preferredStatuses[name] {
		if !described(number) {
			return number
		}
	}
	first, last := MinStatus, MaxStatus
	if name != Default {
		first = int(name[0]-'0') * 100
		last = first + 99
	}
	for number := first; number <= last; number++ {
		if !described(number) {
			return number
		}
	}
	return first
}
