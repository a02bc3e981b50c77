package exchange

import "net/http"

// Bodiless tells the statuses whose answers never have content (RFC 9110 sections
// 15.3.5, 15.3.6 and 15.4.5). Informational ones are not among them: they are no
// answers.
func Bodiless(status int) bool {
	switch status {
	case http.StatusNoContent, http.StatusResetContent, http.StatusNotModified:
		return true
	}
	return false
}

// AnnouncesLength tells whether an answer with this status has a Content-Length. A 205
// says with it that nothing follows (RFC 9110 section 15.3.6); 204 must not have one
// (section 8.6), and that of a 304 would speak of another answer.
func AnnouncesLength(status int) bool {
	return !Bodiless(status) || status == http.StatusResetContent
}
