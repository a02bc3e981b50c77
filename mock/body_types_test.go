package mock_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
)

// curl sends a request with the program that everybody has, whose forms and multipart
// bodies are its own.
func curl(t *testing.T, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath("curl"); err != nil {
		if os.Getenv("UNDERSTUDY_REQUIRE_TOOLS") != "" {
			t.Fatal("curl is required here and not installed")
		}
		t.Skip("curl is not installed")
	}
	out, err := exec.CommandContext(t.Context(), "curl", append([]string{"--silent", "--show-error", "--include", "--max-time", "20"}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

// uploads is a description of bodies that are no JSON, and uploadStubs are conditions on
// them.
const uploads = `
openapi: 3.1.0
info: {title: Uploads, version: "1"}
paths:
  /photos:
    post:
      operationId: addPhoto
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [photo]
              properties:
                photo: {contentMediaType: image/png, maxLength: 100}
                album: {type: integer}
                meta: {type: object, properties: {title: {type: string}}}
      responses:
        "204": {description: added}
        "409": {description: there already}
        "413": {description: too large}
        "423": {description: locked}
  /forms:
    post:
      operationId: sendForm
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, required: [n], properties: {n: {type: integer}, tags: {type: array, items: {type: string}}}}
          application/xml:
            schema: {type: object, xml: {name: form}, required: [n], properties: {n: {type: integer, xml: {attribute: true}}, tags: {type: array, items: {type: string, xml: {name: tag}}}}}
      responses:
        "200": {description: ok, content: {application/xml: {schema: {type: object, xml: {name: answer}, required: [n], properties: {n: {type: integer}}}}, application/x-ndjson: {schema: {type: object}}}}
`

const uploadStubs = `
default: true
operations:
  addPhoto:
    - when: {body: {photo: {filename: there.png}}}
      respond: {status: 409}
    - when: {jsonPath: {"$.photo.size": {greaterThan: 50}}}
      respond: {status: 413}
    - when: {expr: 'body.photo.contentType == "image/gif" && body.meta.title == "x"'}
      respond: {status: 423}
  sendForm:
    - when: {body: {n: 7, tags: {contains: a}}}
      respond: {mediaType: application/xml, body: {n: "${body.n}"}}
    - when: {body: {n: 9}}
      respond: {mediaType: application/xml, merge: {n: 99}}
    - when: {body: {n: 8}}
      respond: {mediaType: application/x-ndjson, body: [{n: 8}, {tags: "${body.tags}"}]}
`

// TestBodyTypesOverHTTP sends forms, files and XML with curl, and has stubs look into
// them.
func TestBodyTypesOverHTTP(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	spec, there, large, gif := filepath.Join(dir, "uploads.yaml"), filepath.Join(dir, "there.png"), filepath.Join(dir, "large.png"), filepath.Join(dir, "a.gif")
	for file, text := range map[string]string{spec: uploads, there: "\x89PNG\r\n", large: strings.Repeat("\xff", 60), gif: "GIF89a"} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	url := start(t, mock.Options{Specs: []mock.Spec{{Location: spec}}}, map[string]string{"uploads": uploadStubs})
	xml := func(text string) []string {
		return []string{"-H", "Content-Type: application/xml", "--data-binary", text, url + "/forms"}
	}
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"a file by its name":          {[]string{"-F", "photo=@" + there, url + "/photos"}, "409"},
		"a file by its size":          {[]string{"-F", "photo=@" + large, url + "/photos"}, "413"},
		"a file by its type":          {[]string{"-F", "photo=@" + gif, "-F", `meta={"title":"x"};type=application/json`, url + "/photos"}, "423"},
		"another file":                {[]string{"-F", "photo=@" + gif, "-F", "album=7", url + "/photos"}, "204"},
		"a file that is missing":      {[]string{"-F", "album=7", url + "/photos"}, `property \"photo\"`},
		"a field that is no number":   {[]string{"-F", "photo=@" + gif, "-F", "album=x", url + "/photos"}, `"pointer": "/album"`},
		"a form":                      {[]string{"-d", "n=7", "--data-urlencode", "tags=a", "-d", "tags=b", url + "/forms"}, "<answer><n>7</n></answer>"},
		"a form that breaks it":       {[]string{"-d", "n=x", url + "/forms"}, `"pointer": "/n"`},
		"XML":                         {xml(`<form n="7"><tag>a</tag></form>`), "<answer><n>7</n></answer>"},
		"XML that breaks it":          {xml(`<form><tag>a</tag></form>`), `property \"n\"`},
		"XML with a document type":    {xml(`<!DOCTYPE form [<!ENTITY a "b">]><form n="7"/>`), "document type"},
		"a form, answered by lines":   {[]string{"-d", "n=8&tags=q", url + "/forms"}, "{\"n\":8}\n{\"tags\":[\"q\"]}\n"},
		"a form, answered by a merge": {[]string{"-d", "n=9", url + "/forms"}, "<answer><n>99</n></answer>"},
		"a type that nobody reads":    {[]string{"-H", "Content-Type: application/pdf", "-d", "x", url + "/forms"}, "415"},
		"an own XML body, generated":  {[]string{"-d", "n=1", url + "/forms"}, "<answer><n>"},
	} {
		if got := curl(t, test.args...); !strings.Contains(got, test.want) {
			t.Errorf("%s: no %q in %s", name, test.want, got)
		}
	}
}

// TestConditionsOnFiles holds that what conditions see of files is known at load.
func TestConditionsOnFiles(t *testing.T) {
	t.Parallel()
	spec := filepath.Join(t.TempDir(), "uploads.yaml")
	if err := os.WriteFile(spec, []byte(uploads), 0o600); err != nil {
		t.Fatal(err)
	}
	for stub, want := range map[string]string{
		"when: {body: {photo: {filenam: a}}}":                    `"filenam"`,
		"when: {expr: 'body.photo.siz > 1'}":                     "siz",
		"when: {jsonPath: {'$.photo.siz': {startsWith: a}}}":     "siz",
		"when: {body: {photo: {size: 7, contentType: a/b}}}":     "",
		"when: {expr: 'body.photo.content == nil'}":              "",
		"when: {jsonPath: {'$.photo.filename': {matches: a.*}}}": "",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "a.yaml"), []byte("operations:\n  addPhoto:\n    - "+stub+"\n      respond: {status: 409}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		report, err := mock.Check(t.Context(), mock.Options{Specs: []mock.Spec{{Location: spec}}, Scenarios: []string{dir}})
		if err != nil {
			t.Fatal(err)
		}
		told := ""
		for _, f := range report.Findings {
			told += f.Message + "\n"
		}
		if (want == "") != (told == "") || !strings.Contains(told, want) {
			t.Errorf("%s: %q, want %q", stub, told, want)
		}
	}
}

// TestBodyTypesOfRealDescriptions sends what the petstore and Docker's engine describe.
func TestBodyTypesOfRealDescriptions(t *testing.T) {
	t.Parallel()
	corpus := testenv.Corpus(t)
	if _, err := os.Stat(filepath.Join(corpus, "petstore.yaml")); err != nil {
		t.Skip("the real descriptions are not there")
	}
	serve := func(name string) string {
		return start(t, mock.Options{Specs: []mock.Spec{{Location: filepath.Join(corpus, name)}}}, nil)
	}
	pets, docker := serve("petstore.yaml")+"/api/v3", serve("docker-engine.yaml")
	tar := filepath.Join(t.TempDir(), "image.tar")
	if err := os.WriteFile(tar, []byte("\x00\xff\xfe image"), 0o600); err != nil {
		t.Fatal(err)
	}
	pet := func(contentType, body, accept string) []string {
		return []string{"-X", "PUT", "-H", "Authorization: Bearer a", "-H", "Accept: " + accept, "-H", "Content-Type: " + contentType, "--data-binary", body, pets + "/pet"}
	}
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"XML":                 {pet("application/xml", `<pet><id>7</id><name>Rex</name><photoUrls><photoUrl>a</photoUrl></photoUrls><tags><tag><id>1</id></tag></tags></pet>`, "application/xml"), "<pet>"},
		"XML without a name":  {pet("application/xml", `<pet><photoUrls/></pet>`, "*/*"), "422 "},
		"XML, a bad number":   {pet("application/xml", `<pet><id>x</id><name>Rex</name><photoUrls/></pet>`, "*/*"), "Understudy-Violations: body /id must be an integer"},
		"a form":              {pet(formType, "name=Rex&photoUrls=a&photoUrls=b&id=7&category=%7B%22id%22%3A1%7D", "application/json"), "200 OK"},
		"a form, a bad field": {pet(formType, "name=Rex&photoUrls=a&status=lost", "*/*"), "Understudy-Violations: body /status"},
		"a file":              {[]string{"-H", "Authorization: Bearer a", "-H", "Content-Type: application/octet-stream", "--data-binary", "@" + tar, pets + "/pet/7/uploadImage"}, "200 OK"},
		"an image for docker": {[]string{"-H", "Content-Type: application/x-tar", "--data-binary", "@" + tar, docker + "/v1.56/images/load"}, "200 OK"},
	} {
		got := curl(t, test.args...)
		if !strings.Contains(got, test.want) {
			t.Errorf("%s: no %q in %s", name, test.want, got)
		}
	}
}

const formType = "application/x-www-form-urlencoded"
