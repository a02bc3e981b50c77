package param

import "github.com/understudy-mock/understudy/mock/internal/exchange"

// A parameter in "querystring" is all of the query: nothing else reads from it.

func claimsAll(*Decoder, string) bool { return true }

func wholeQuery(_ *Decoder, in *Input) (string, int) {
	if in.RawQuery == "" {
		return "", 0
	}
	return in.RawQuery, 1
}

// decodeWhole reads the query as a form: an object with a member for each name.
func decodeWhole(d *Decoder, in *Input, out *exchange.Parameter) []exchange.Violation {
	if len(in.Query) == 0 {
		return d.absent()
	}
	out.Present = true
	out.Raw = d.shownPairs(in.Query)
	if len(in.Query) > MaxMembers {
		return d.refuse(out, out.Raw, d.tooMany(""))
	}
	return d.judgeMembers(out, in.Query)
}
