package console_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

// TestFormData posts what browsers make of FormData, URLSearchParams, files and texts, and
// asks the journal what was decoded.
func TestFormData(t *testing.T) {
	t.Parallel()
	m := start(t, func(o *mock.Options) {
		o.Specs, o.Scenarios = []mock.Spec{{Location: "testdata/uploads.yaml"}}, []string{}
	})
	b := open(t, m.URL(), "")
	const sends = `const send = async (path, body, type) => {
		const r = await fetch(path, {method: 'POST', body, headers: type ? {'Content-Type': type} : {}});
		return r.status + ' ' + (r.headers.get('Understudy-Violations') ?? '');
	}; const form = (...fields) => { const f = new FormData(); for (const field of fields) f.append(...field); return f; };
	const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00]);
	`
	for name, test := range map[string]struct{ script, want, find string }{
		"the petstore's file": {
			`send('/pet/7/uploadImage', form(['additionalMetadata', 'a "b"\r\nc'], ['file', new File([png], 'Grüße "x".png', {type: 'image/png'})]))`, "204 ",
			`{"operation": "uploadFile", "when": {"path": {"petId": 7}, "body": {"additionalMetadata": "a \"b\"\r\nc", "file": {"filename": "Grüße \"x\".png", "contentType": "image/png", "size": 6, "sha256": "854e4b5f04c08dd7a8df75e0c0c9ce444f353bf1385a8a7ddbc9c73c4181ce0b"}}}}`,
		},
		"a file without a form": {
			`send('/pet/8/uploadImage', new Blob([new Uint8Array(2 << 20)]), 'application/octet-stream')`, "204 ",
			`{"operation": "uploadFile", "when": {"path": {"petId": 8}, "expr": "body.size == 2097152"}}`,
		},
		"texts, files and a Blob": {
			`send('/albums', form(['title', 'Ü & co'], ['year', '1999'], ['cover', new File([png], 'c.png', {type: 'image/png'})], ['pages', new File(['one'], '1.txt', {type: 'text/plain'})], ['pages', new File([png], '2.png', {type: 'image/png'})], ['meta', new Blob([JSON.stringify({tags: ['a']})], {type: 'application/json'})]))`, "204 ",
			`{"operation": "addAlbum", "when": {"body": {"title": "Ü & co", "year": 1999, "cover": {"filename": "c.png", "size": 6}, "meta": {"tags": ["a"]}}, "jsonPath": {"$.pages[0].content": "one", "$.pages[1].filename": "2.png"}}}`,
		},
		"a file of another type": {
			`send('/albums', form(['title', 'wrong'], ['cover', new File([png], 'c.gif', {type: 'image/gif'})]))`, `400 body /cover must be image/png or image/jpeg, got "image/gif"`,
			`{"operation": "addAlbum", "when": {"valid": false, "body": {"title": "wrong"}}}`,
		},
		"a large file that is too large": {
			`send('/albums', form(['title', 'large'], ['cover', new File([new Uint8Array(3 << 20)], 'c.png', {type: 'image/png'})]))`, "400 body /cover must be at most 100 bytes, got 3145728 bytes",
			`{"operation": "addAlbum", "when": {"valid": false, "body": {"title": "large", "cover": {"size": 3145728}}}}`,
		},
		"URLSearchParams": {
			`send('/albums', new URLSearchParams([['title', 'a b&c'], ['year', '7'], ['tags', 'x'], ['tags', 'y,z']]))`, "204 ",
			`{"operation": "addAlbum", "when": {"body": {"title": "a b&c", "year": 7}, "jsonPath": {"$.tags[1]": "y,z"}}}`,
		},
		"XML": {
			`send('/albums', new XMLSerializer().serializeToString((() => { const d = document.implementation.createDocument(null, 'album'); d.documentElement.setAttribute('year', '3'); d.documentElement.appendChild(d.createElement('title')).textContent = '<x>'; return d; })()), 'application/xml')`, "204 ",
			`{"operation": "addAlbum", "when": {"body": {"title": "<x>", "year": 3}}}`,
		},
	} {
		if got := eval[string](b, "(async () => {"+sends+"return await "+test.script+"})()"); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
			continue
		}
		r, err := http.Post(m.URL()+"/__admin/exchanges/find", "application/json", strings.NewReader(test.find))
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil || !strings.Contains(string(text), `"count": 1`) {
			t.Errorf("%s: the journal does not find it: %s %v", name, text, err)
		}
	}
	http.DefaultClient.CloseIdleConnections()
}
