package mock_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// fencedBlock is a block of code, in which nothing is a link or a heading.
var fencedBlock = regexp.MustCompile("(?ms)^```.*?^```$")

// TestLinksInDocs holds that every link of the pages leads to a file that there is, and to
// a heading of it where the link has an anchor; and that docs/README.md, to which the README
// leads, leads to every page and says what it is about.
func TestLinksInDocs(t *testing.T) {
	t.Parallel()
	const first, index = "../README.md", "../docs/README.md"
	pages := []string{"../SECURITY.md", "../CHANGELOG.md"}
	for _, pattern := range []string{"../docs/*.md", "../docs/*/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatal(pattern, len(found), err)
		}
		pages = append(pages, found...)
	}
	linked := map[string]map[string]bool{}
	for _, page := range append([]string{first}, pages...) {
		linked[page] = map[string]bool{}
		for _, link := range links(readPage(t, page)) {
			linked[page][checkLink(t, page, link)] = true
		}
	}
	if !linked[first][index] {
		t.Error("README.md does not lead to docs/README.md")
	}
	for _, page := range pages {
		if page != index && !linked[index][page] {
			t.Errorf("docs/README.md has no link to %s", strings.TrimPrefix(page, "../"))
		}
	}
}

// checkLink gives the file that a link of a page leads to, "" where it is not one of ours.
func checkLink(t *testing.T, page, link string) string {
	t.Helper()
	if strings.Contains(link, "://") || strings.HasPrefix(link, "mailto:") {
		return ""
	}
	name, anchor, anchored := strings.Cut(link, "#")
	target := page
	if name != "" {
		target = filepath.Join(filepath.Dir(page), name)
	}
	if strings.HasPrefix(target, "../../") {
		t.Errorf("%s: the link %s leads out of the repository", page, link)
		return ""
	}
	if _, err := os.Stat(target); err != nil {
		t.Errorf("%s: the link %s leads nowhere: %v", page, link, err)
		return ""
	}
	if anchored && !strings.HasSuffix(target, ".md") {
		t.Errorf("%s: the link %s has an anchor of a file that is no page", page, link)
	} else if anchored && !anchors(readPage(t, target))[anchor] {
		t.Errorf("%s: the link %s leads to no heading of %s", page, link, target)
	}
	return target
}

func readPage(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return fencedBlock.ReplaceAllString(string(text), "")
}

// links lists where the links and pictures of a page lead.
func links(page string) []string {
	page = regexp.MustCompile("`[^`\n]*`").ReplaceAllString(page, "") // code is no link, in a link it is only its text
	var found []string
	for _, m := range regexp.MustCompile(`\]\(([^)\s]+)(?:\s+"[^"]*")?\)|(?m:^\[[^\]]+\]:\s*(\S+))`).FindAllStringSubmatch(page, -1) {
		found = append(found, m[1]+m[2])
	}
	return found
}

// anchors gives the anchors of the headings of a page as GitHub makes them: in lower case,
// letters, digits, "-" and "_" alone, "-" for each space, and numbered where they repeat.
func anchors(page string) map[string]bool {
	found := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^#{1,6} +(.*?)[ #]*$`).FindAllStringSubmatch(page, -1) {
		text := regexp.MustCompile(`!?\[([^\]]*)\]\([^)]*\)`).ReplaceAllString(m[1], "$1")
		slug := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r):
				return unicode.ToLower(r)
			}
			return -1
		}, text)
		unique := slug
		for n := 1; found[unique]; n++ {
			unique = slug + "-" + strconv.Itoa(n)
		}
		found[unique] = true
	}
	return found
}

// TestAnchors holds the rules by which GitHub names headings.
func TestAnchors(t *testing.T) {
	t.Parallel()
	page := "# What's `new`, and _why_\n\n## Again\n\n## Again ##\n\n### [A link](x.md) — of 2 parts\n\nno # heading\n"
	found := anchors(page)
	for _, want := range []string{"whats-new-and-_why_", "again", "again-1", "a-link--of-2-parts"} {
		if !found[want] {
			t.Errorf("no anchor %q in %v", want, found)
		}
	}
	if len(found) != 4 {
		t.Errorf("%d anchors: %v", len(found), found)
	}
}
