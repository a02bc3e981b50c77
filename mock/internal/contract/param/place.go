package param

import (
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// This file finds the raw values of a parameter's own name, by location.

func firstInPath(d *Decoder, in *Input) (string, int) {
	if in.Path == nil {
		return "", 0
	}
	return in.Path.PathValue(d.Name), 1
}

func firstInQuery(d *Decoder, in *Input) (string, int) { return firstPair(in.Query, d.Name) }

func firstInCookies(d *Decoder, in *Input) (string, int) { return firstPair(in.Cookies, d.Name) }

func firstPair(pairs []Pair, name string) (raw string, count int) {
	for i := range pairs {
		if pairs[i].Name == name {
			if count++; count == 1 {
				raw = pairs[i].RawValue
			}
		}
	}
	return raw, count
}

// firstInHeader joins several lines as RFC 9110 section 5.3 allows. A line with
// no text is there; net/http keeps it.
func firstInHeader(d *Decoder, in *Input) (string, int) {
	switch lines := in.Header[d.key]; len(lines) {
	case 0:
		return "", 0
	case 1:
		return lines[0], 1
	default:
		return strings.Join(lines, ","), 1
	}
}

// firstLine gives the first line of a header that may have one alone, and how many there are.
func firstLine(d *Decoder, in *Input) (string, int) {
	lines := in.Header[d.key]
	if len(lines) == 0 {
		return "", 0
	}
	return lines[0], len(lines)
}

func firstHost(d *Decoder, in *Input) (string, int) {
	if in.Host == "" {
		return firstInHeader(d, in)
	}
	return in.Host, 1
}

func firstNowhere(*Decoder, *Input) (string, int) { return "", 0 }

// cookiePairs gives the cookies. The style table writes exploded values of the
// form style with &, which Cookie headers do not use; both are read, the second
// where every name behind a & is one of the parameter's own.
func cookiePairs(d *Decoder, in *Input) []Pair {
	for i := range in.Cookies {
		if strings.IndexByte(in.Cookies[i].RawValue, '&') >= 0 {
			return d.splitCookies(in.Cookies)
		}
	}
	return in.Cookies
}

func (d *Decoder) splitCookies(cookies []Pair) []Pair {
	all := make([]Pair, 0, len(cookies)+4)
	for _, cookie := range cookies {
		if parts, ok := d.ownPairs(cookie); ok {
			all = append(all, parts...)
		} else {
			all = append(all, cookie)
		}
	}
	return all
}

// ownPairs splits a cookie at & if each part is a pair of the parameter's own.
func (d *Decoder) ownPairs(cookie Pair) (pairs []Pair, ok bool) {
	name, rest, more := cookie.Name, cookie.RawValue, true
	for more {
		var value string
		value, rest, more = strings.Cut(rest, "&")
		if !d.declares(name) || len(pairs) > MaxMembers {
			return nil, false
		}
		pairs = append(pairs, Pair{name, value})
		name, rest, _ = strings.Cut(rest, "=")
	}
	return pairs, true
}

// declares tells whether a pair of that name is surely the parameter's.
func (d *Decoder) declares(name string) bool {
	_, ok := d.shape.Properties[name]
	return ok || name == d.Name
}

// values appends all raw values of the parameter's name, first being the first of
// count. For one value nothing is searched again.
func (d *Decoder) values(raws []string, in *Input, first string, count int) []string {
	if d.pairs == nil {
		return append(raws, first)
	}
	pairs := d.pairs(d, in)
	if count == 1 && (d.In != exchange.Cookie || len(pairs) == len(in.Cookies)) {
		return append(raws, first)
	}
	for i := range pairs {
		if pairs[i].Name == d.Name {
			raws = append(raws, pairs[i].RawValue)
		}
	}
	return raws
}

func claimsName(d *Decoder, name string) bool { return name == d.Name }

func claimsDeep(d *Decoder, name string) bool {
	return name == d.Name || strings.HasPrefix(name, d.key)
}

// claimsMembers is for exploded objects: their own name is none of the query's,
// unless it may also be sent whole.
func claimsMembers(d *Decoder, name string) bool {
	_, ok := d.shape.Properties[name]
	return ok || name == d.Name && d.wholeToo()
}

// wholeToo tells whether a value under the parameter's own name can be read
// although it is an exploded object.
func (d *Decoder) wholeToo() bool { return len(d.order) > 1 || d.cut != nil }
