package param

import (
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
)

// fieldLists are the header fields whose definition is a list, or that come in several
// lines for another reason, as Set-Cookie: a description that calls them a string does not
// mean that they have one line.
var fieldLists = nameSet(
	"Accept", "Accept-Ch", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Accept-Patch", "Accept-Post", "Accept-Ranges",
	"Access-Control-Allow-Headers", "Access-Control-Allow-Methods", "Access-Control-Expose-Headers", "Access-Control-Request-Headers",
	"Allow", "Alt-Svc", "Baggage", "Cache-Control", "Cache-Status", "Cdn-Cache-Control", "Clear-Site-Data", "Connection",
	"Content-Digest", "Content-Encoding", "Content-Language", "Content-Security-Policy", "Content-Security-Policy-Report-Only", "Cookie",
	"Digest", "Expect", "Forwarded", "If-Match", "If-None-Match", "Link", "Permissions-Policy", "Pragma", "Prefer", "Preference-Applied",
	"Priority", "Proxy-Authenticate", "Proxy-Status", "Repr-Digest", "Sec-Websocket-Extensions", "Sec-Websocket-Protocol",
	"Sec-Websocket-Version", "Server-Timing", "Set-Cookie", "Signature", "Signature-Input", "Te", "Timing-Allow-Origin", "Tracestate",
	"Trailer", "Transfer-Encoding", "Upgrade", "Vary", "Via", "Want-Content-Digest", "Want-Digest", "Want-Repr-Digest", "Warning",
	"Www-Authenticate", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Robots-Tag",
)

func nameSet(names ...string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}

// oneLine tells whether a header may have one line alone. RFC 9110 section 5.3 lets a field
// have several where its definition makes one list of them, and a schema that takes neither
// arrays nor objects is the definition of something else. Content is no list either.
func (d *Decoder) oneLine() bool {
	return !fieldLists[d.key] && (d.MediaType != "" || d.types&(schema.TypeArray|schema.TypeObject) == 0)
}
