package mock

import (
	"net/http"
	"strconv"
	"strings"
)

// wellFormed refuses a request of HTTP/2 that says two things of one, and gives nil then.
// net/http does that itself over HTTP/1.1 alone, with the same plain answer: whoever stands
// in front may have read the other one (RFC 9113 sections 8.1.1 and 8.3.1).
func wellFormed(w http.ResponseWriter, r *http.Request) *http.Request {
	if contradicts(r) {
		http.Error(w, "400 Bad Request: two hosts, or a Content-Length that is not that of the body", http.StatusBadRequest)
		return nil
	}
	if _, sent := r.Header["Host"]; sent { // over HTTP/1.1 it is in r.Host alone
		own := *r
		own.Header = r.Header.Clone()
		delete(own.Header, "Host")
		return &own
	}
	return r
}

// contradicts tells whether a request has another host beside its :authority, or a
// Content-Length that is not that of its data. net/http has judged the first of several
// lengths where there are data.
func contradicts(r *http.Request) bool {
	for _, host := range r.Header["Host"] {
		if !strings.EqualFold(host, r.Host) {
			return true
		}
	}
	lengths := r.Header["Content-Length"]
	if len(lengths) == 0 {
		return false
	}
	for _, other := range lengths[1:] {
		if other != lengths[0] { // several that say the same are one (RFC 9110 section 8.6)
			return true
		}
	}
	n, err := strconv.ParseUint(lengths[0], 10, 63)
	return err != nil || r.ContentLength >= 0 && n != uint64(r.ContentLength)
}
