// Package page puts what programs and tests make into the pages of the documentation.
package page

import (
	"fmt"
	"strings"
)

// end is the line behind a part that is made.
const end = "<!-- end -->\n"

// Put gives a page with part between the line mark and the next line "<!-- end -->", in
// place of what stands there. It is an error where one of the lines is missing.
func Put(page, mark, part string) (string, error) {
	mark += "\n"
	head, rest, found := strings.Cut(page, mark)
	_, tail, ended := strings.Cut(rest, end)
	if !found || !ended {
		return "", fmt.Errorf("the page has no place for what is made: a line %q and a line %q", strings.TrimSpace(mark), strings.TrimSpace(end))
	}
	return head + mark + part + end + tail, nil
}
