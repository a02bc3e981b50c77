// Package console is the web page of the control plane, below /__admin/: an HTML frame
// for each page, and the modules and styles that fill it. It has no data of its own:
// the modules ask the control plane like any other client and listen to its events.
//
// To add a page, name it in the list pages and put two files into assets:
//
//   - NAME.js defines the element <NAME-page>, which the frame contains, and imports
//     ./frame.js;
//   - NAME.css has its styles, on top of those of console.css.
//
// What modules share:
//
//   - element.js makes elements and sets values as text: the browser is told to refuse
//     every other way (Trusted Types), so markup in data shows as text;
//   - api.js asks the control plane; errors are Problem, and a token is asked for
//     where one is wanted;
//   - scope.js says whether a page speaks of everybody or of one session, which stands
//     in the address (?session=ID);
//   - events.js tells what happens in the mock, and when the connection is back;
//   - notice.js tells people what was done and what has failed, also to screen readers;
//   - chips.js shows methods and statuses.
//
// browser_test.go has what tests need: a tab of Chromium beside a running mock.
package console

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

//go:embed assets
var assets embed.FS

//go:embed frame.html
var frame string

var frames = template.Must(template.New("frame").Parse(frame))

// pagesPath is where all pages but the first are, and the assets, below Prefix.
const pagesPath = "console/"

// page is one page of the console.
type page struct {
	// Name is that of its module, its styles and its element.
	Name, Title string
	// path is below the path of the control plane.
	path string
}

// pages lists the pages as the navigation shows them.
var pages = []page{
	{"operations", "Operations", ""},
	{"scenarios", "Scenarios", pagesPath + "scenarios"},
	{"journal", "Journal", pagesPath + "journal"},
	{"coverage", "Coverage", pagesPath + "coverage"},
	{"sessions", "Sessions", pagesPath + "sessions"},
}

// mediaTypes of assets; what the system says about extensions does not count.
var mediaTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// Routes gives the handlers of the console by their paths. Each takes GET and HEAD.
// prefix is the path of the control plane, with a slash at its end. mock gives the origin
// at which the mock itself is found by whoever sends a request to the control plane, ""
// where it is that of the control plane.
func Routes(prefix string, mock func(*http.Request) string) map[string]http.Handler {
	sum := sha256.New()
	files := map[string][]byte{}
	entries, err := fs.ReadDir(assets, "assets")
	if err != nil {
		panic(err) // they are part of the program
	}
	for _, entry := range entries {
		data, err := assets.ReadFile("assets/" + entry.Name())
		if err != nil {
			panic(err)
		}
		files[entry.Name()] = data
		sum.Write([]byte(entry.Name()))
		sum.Write(data)
	}
	// All files stand below one hash, so that modules name each other without it.
	folder := pagesPath + "assets/" + hex.EncodeToString(sum.Sum(nil)[:8]) + "/"
	first := http.RedirectHandler(prefix, http.StatusPermanentRedirect)
	routes := map[string]http.Handler{
		strings.TrimSuffix(prefix, "/"):           first,
		strings.TrimSuffix(prefix+pagesPath, "/"): first,
		prefix + pagesPath:                        first,
	}
	for name, data := range files {
		routes[prefix+folder+name] = asset(name, data)
	}
	for _, p := range pages {
		routes[prefix+p.path] = p.handler(folder, mock)
	}
	return routes
}

// asset serves a file whose path changes with its text.
func asset(name string, data []byte) http.Handler {
	mediaType := mediaTypes[path.Ext(name)]
	if _, _, err := mime.ParseMediaType(mediaType); err != nil {
		panic("no media type for " + name)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		send(w, r, mediaType, data)
	})
}

func (p page) handler(folder string, mock func(*http.Request) string) http.Handler {
	// The frame names everything relative to itself, so that a proxy may serve the
	// control plane below another path.
	up := strings.Repeat("../", strings.Count(p.path, "/"))
	type link struct {
		page
		Path    string
		Current bool
	}
	var links []link
	for _, other := range pages {
		to := up + other.path
		if to == "" {
			to = "./"
		}
		links = append(links, link{other, to, other == p})
	}
	element := template.HTML("<" + p.Name + "-page></" + p.Name + "-page>")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := mock(r)
		var b bytes.Buffer
		if err := frames.Execute(&b, struct {
			page
			Pages        []link
			Assets, Mock string
			Element      template.HTML
		}{p, links, up + folder, origin, element}); err != nil {
			panic(err)
		}
		header := w.Header()
		header.Set("Content-Security-Policy", policy(origin))
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		send(w, r, "text/html; charset=utf-8", b.Bytes())
	})
}

// policy is the Content-Security-Policy of the pages: what is loaded and asked for comes
// from here, or from the mock where that has another origin, and no text becomes markup.
func policy(mock string) string {
	connect := "'self'"
	if mock != "" {
		connect += " " + mock
	}
	return strings.Join([]string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src " + connect,
		"base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
		"require-trusted-types-for 'script'", "trusted-types 'none'",
	}, "; ")
}

func send(w http.ResponseWriter, r *http.Request, mediaType string, body []byte) {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // an error means that the client has gone
	}
}
