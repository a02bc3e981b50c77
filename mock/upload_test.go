package mock_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/understudy-mock/understudy/mock"
)

const storage = `
openapi: 3.1.0
info: {title: Storage, version: "1"}
paths:
  /files:
    post:
      operationId: addFile
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              required: [file]
              properties:
                file: {type: string, format: binary, maxLength: 209715200}
                more: {type: array, uniqueItems: true, items: {type: string, format: binary}}
                note: {type: string}
                page: {type: string}
            encoding: {file: {contentType: "application/octet-stream, image/png"}}
          application/octet-stream: {schema: {type: string, format: binary, minLength: 5, maxLength: 2097152}}
          application/pdf: {}
      responses: {"204": {description: stored}, "409": {description: there already}}
`

// zeros is a reader of so many bytes that nobody holds.
func zeros(n int64) io.Reader { return io.LimitReader(zero{}, n) }

type zero struct{}

func (zero) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// form is a multipart body: header and content of each part.
func form(pieces ...any) io.Reader {
	var readers []io.Reader
	for i := 0; i < len(pieces); i += 2 {
		readers = append(readers, strings.NewReader("--x\r\n"+pieces[i].(string)+"\r\n\r\n"))
		switch content := pieces[i+1].(type) {
		case string:
			readers = append(readers, strings.NewReader(content))
		case io.Reader:
			readers = append(readers, content)
		}
		readers = append(readers, strings.NewReader("\r\n"))
	}
	return io.MultiReader(append(readers, strings.NewReader("--x--\r\n"))...)
}

func fileHeader(name string) string {
	return `Content-Disposition: form-data; name="` + name + `"; filename="` + name + `.bin"` + "\r\nContent-Type: application/octet-stream"
}

func storageMock(t *testing.T, opts mock.Options, stubs string) (*mock.Mock, string) {
	t.Helper()
	spec := filepath.Join(t.TempDir(), "storage.yaml")
	if err := os.WriteFile(spec, []byte(storage), 0o600); err != nil {
		t.Fatal(err)
	}
	opts.Specs = []mock.Spec{{Location: spec}}
	files := map[string]string{}
	if stubs != "" {
		files["stubs"] = stubs
	}
	m := newMock(t, opts, files)
	dir := t.TempDir()
	m.StoreIn(dir)
	return m, dir
}

func upload(m http.Handler, contentType string, body io.Reader) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", "http://localhost/files", body)
	r.Header.Set("Content-Type", contentType)
	r.ContentLength = -1
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	return w
}

const formData = "multipart/form-data; boundary=x"

// TestUploadMemory sends 200 MB as a file of a form and as a body of its own. It is not
// parallel: what others allocate must not count.
func TestUploadMemory(t *testing.T) {
	m, dir := storageMock(t, mock.Options{MaxUpload: 250 << 20}, "")
	const size = 200 << 20
	for name, send := range map[string]func() *httptest.ResponseRecorder{
		"a form": func() *httptest.ResponseRecorder {
			return upload(m, formData, form(fileHeader("file"), zeros(size)))
		},
		"bytes": func() *httptest.ResponseRecorder { return upload(m, "application/pdf", zeros(size)) },
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		w := send()
		runtime.ReadMemStats(&after)
		if w.Code != 204 {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
		if taken := after.TotalAlloc - before.TotalAlloc; taken > size/4 {
			t.Errorf("%s: %d bytes were allocated on the way", name, taken)
		}
	}
	left, err := os.ReadDir(dir)
	if len(left) > 0 || err != nil || m.InFlight() != 0 || m.Stored() != 0 {
		t.Errorf("left: %v %v, %d bytes held and %d stored", left, err, m.InFlight(), m.Stored())
	}
}

// TestUploads holds what is said about uploads that are stored: bounds of their length,
// media types, what conditions see.
func TestUploads(t *testing.T) {
	t.Parallel()
	m, _ := storageMock(t, mock.Options{MaxBody: 3 << 20, MaxUpload: 20 << 20}, `
default: true
operations:
  addFile:
    - when: {body: {file: {size: {greaterThan: 2000000}, filename: file.bin}, note: there}}
      respond: {status: 409}
    - when: {expr: 'body.sha256 == "`+sum(zeros(2<<20))+`"'}
      respond: {status: 409}
`)
	const large = 2 << 20
	field := func(name string) string { return `Content-Disposition: form-data; name="` + name + `"` }
	for name, test := range map[string]struct {
		contentType string
		body        io.Reader
		status      int
		want        string
	}{
		"a file":                      {formData, form(fileHeader("file"), zeros(large)), 204, ""},
		"a file that a stub knows":    {formData, form(fileHeader("file"), zeros(large), field("note"), "there"), 409, ""},
		"two files that are equal":    {formData, form(fileHeader("file"), "a", fileHeader("more"), zeros(large), fileHeader("more"), zeros(large)), 400, `"pointer": "/more"`},
		"two files of one length":     {formData, form(fileHeader("file"), "a", fileHeader("more"), zeros(large), fileHeader("more"), io.MultiReader(zeros(large-1), strings.NewReader("a"))), 204, ""},
		"many small files":            {formData, form(append([]any{fileHeader("file"), "a"}, many(10, fileHeader("more"), 1<<20)...)...), 204, ""},
		"a file of another type":      {formData, form(strings.Replace(fileHeader("file"), "application/octet-stream", "image/gif", 1), zeros(large)), 400, `image/gif`},
		"a text":                      {formData, form(fileHeader("file"), "a", field("note"), zeros(large)), 204, ""},
		"a text that is too long":     {formData, form(fileHeader("file"), "a", field("note"), zeros(4<<20)), 400, "parts that are no files within limits"},
		"a long text file":            {formData, form(fileHeader("file"), "a", fileHeader("page"), zeros(4<<20)), 204, ""},
		"no file":                     {formData, form(field("note"), zeros(large)), 400, `property \"file\"`},
		"no end":                      {formData, io.MultiReader(strings.NewReader("--x\r\n"+fileHeader("file")+"\r\n\r\n"), zeros(large)), 400, "ends within a part"},
		"bytes":                       {"application/octet-stream", io.MultiReader(zeros(large-1), strings.NewReader("a")), 204, ""},
		"bytes that a stub knows":     {"application/octet-stream", zeros(large), 409, ""},
		"bytes that are too many":     {"application/octet-stream", zeros(large + 1), 400, "2097153 bytes"},
		"bytes of which nothing said": {"application/pdf", zeros(large + 1), 204, ""},
		"another media type":          {"image/png", zeros(large), 415, ""},
		"beyond the bound":            {formData, form(fileHeader("file"), zeros(21<<20)), 413, "--max-upload"},
		"JSON beyond its bound":       {"application/json", zeros(4 << 20), 413, "--max-body"},
	} {
		w := upload(m, test.contentType, test.body)
		if w.Code != test.status || !strings.Contains(w.Body.String(), test.want) {
			t.Errorf("%s: %d %s, want %d with %q", name, w.Code, w.Body, test.status, test.want)
		}
	}
	if m.InFlight() != 0 || m.Stored() != 0 {
		t.Errorf("%d bytes held and %d stored in the end", m.InFlight(), m.Stored())
	}
}

func sum(r io.Reader) string {
	h := sha256.New()
	_, _ = io.Copy(h, r)
	return hex.EncodeToString(h.Sum(nil))
}

// many are parts that differ in their last byte.
func many(n int, header string, size int64) []any {
	var pieces []any
	for i := range n {
		pieces = append(pieces, header, io.MultiReader(zeros(size-1), strings.NewReader(fmt.Sprint(i))))
	}
	return pieces
}

// TestUploadJournal keeps of an upload the beginning, and what was decoded.
func TestUploadJournal(t *testing.T) {
	t.Parallel()
	m, _ := storageMock(t, mock.Options{}, "")
	if w := upload(m, formData, form(fileHeader("file"), zeros(2<<20))); w.Code != 204 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	w := httptest.NewRecorder()
	r := httptest.NewRequest("POST", "http://127.0.0.1/__admin/exchanges/find", strings.NewReader(`{"operation": "addFile", "when": {"body": {"file": {"size": 2097152, "filename": "file.bin"}}}}`))
	r.RemoteAddr = "127.0.0.1:1"
	r.Header.Set("Content-Type", "application/json")
	m.ServeHTTP(w, r)
	for _, want := range []string{`"count": 1`, `"size": 2097`, `"cut": true`, `filename=\"file.bin\"`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("there is no %s: %d %.300s", want, w.Code, w.Body)
		}
	}
}

// TestUploadWithoutFolderPasses holds that a real API gets an upload that is larger than
// memory also where no temporary file can be made; what the mock would have to answer is
// refused.
func TestUploadWithoutFolderPasses(t *testing.T) {
	t.Parallel()
	var got atomic.Int64
	url, m := inFront(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		got.Store(n)
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, "thanks")
	}), func(o *mock.Options) { o.MaxBody, o.MaxUpload = 100_000, 10_000_000 })
	m.StoreIn(filepath.Join(t.TempDir(), "none"))
	for _, length := range []int64{3_000_000, -1} {
		for query, want := range map[string]int{"": 200, "?__code=200": 413} {
			req, err := http.NewRequestWithContext(t.Context(), "POST", url+"/text"+query, zeros(3_000_000))
			if err != nil {
				t.Fatal(err)
			}
			req.ContentLength = length
			req.Header.Set("Content-Type", "application/octet-stream")
			res, err := http.DefaultTransport.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if res.StatusCode != want || want == 200 && got.Load() != 3_000_000 {
				t.Errorf("length %d, %q: %s, %d bytes have come", length, query, res.Status, got.Load())
			}
			if unchecked := res.Header.Get("Understudy-Unchecked"); want == 200 && unchecked != "the body of the request is larger than the limit" {
				t.Errorf("unchecked: %q", unchecked)
			}
		}
	}
	if err := m.Stop(t.Context()); err != nil { // then every handler has ended
		t.Fatal(err)
	}
	if m.InFlight() != 0 || m.Stored() != 0 {
		t.Errorf("%d bytes held and %d stored in the end", m.InFlight(), m.Stored())
	}
}

// TestUploadStorage tells of files that cannot be made, and of those that a killed mock
// has left.
func TestUploadStorage(t *testing.T) {
	t.Parallel()
	m, dir := storageMock(t, mock.Options{MaxBody: 3 << 20}, "")
	m.StoreIn(filepath.Join(dir, "none"))
	if w := upload(m, formData, form(fileHeader("file"), zeros(2<<20))); w.Code != 204 {
		t.Errorf("without a folder it is held: %d %s", w.Code, w.Body)
	}
	if w := upload(m, formData, form(fileHeader("file"), zeros(4<<20))); w.Code != 413 || !strings.Contains(w.Body.String(), "no temporary file") {
		t.Errorf("without a folder: %d %s", w.Code, w.Body)
	}
	m, dir = storageMock(t, mock.Options{}, "")
	left := filepath.Join(dir, "understudy-upload-1")
	if err := os.WriteFile(left, []byte("left"), 0o600); err != nil {
		t.Fatal(err)
	}
	in, out := io.Pipe()
	done := make(chan int)
	go func() {
		code := upload(m, formData, in).Code
		in.Close() // nobody reads on
		done <- code
	}()
	w := multipart.NewWriter(out)
	if err := w.SetBoundary("x"); err != nil {
		t.Fatal(err)
	}
	part, err := w.CreateFormFile("file", "a")
	if err == nil {
		_, err = part.Write(make([]byte, 4<<20))
	}
	if err != nil {
		t.Fatal(err)
	}
	names, err := os.ReadDir(dir)
	if err != nil || len(names) > 0 && runtime.GOOS != "windows" {
		t.Errorf("while an upload is under way: %v %v", names, err)
	}
	m.SetStored(1 << 20)
	_, _ = part.Write(make([]byte, 20<<20)) // fails as soon as it is refused
	out.CloseWithError(io.ErrUnexpectedEOF)
	if status := <-done; status != 503 {
		t.Errorf("beyond the room of all uploads: %d", status)
	}
	if names, err = os.ReadDir(dir); len(names) > 0 || err != nil {
		t.Errorf("left: %v %v", names, err)
	}
	if m.InFlight() != 0 || m.Stored() != 0 {
		t.Errorf("%d bytes held and %d stored in the end", m.InFlight(), m.Stored())
	}
}
