package plausible

import (
	"encoding/base64"
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/sample/dice"
)

// Format gives a text of the format, which may be one that nobody checks, such as
// phone; false for a format that says nothing.
func Format(name string, d *dice.Dice) (string, bool) {
	if make, ok := formats[name]; ok {
		return make(newMaker(d)), true
	}
	return Text(name, "", d)
}

var formats = map[string]func(maker) string{
	"date": maker.date, "date-time": maker.dateTime, "time": maker.time,
	"duration": func(m maker) string { return fmt.Sprintf("PT%dM", m.Between(1, 59)) },
	"uuid":     maker.uuid, "email": maker.email, "idn-email": maker.email, "hostname": maker.host, "idn-hostname": maker.host,
	"ipv4": maker.ip, "ipv6": func(m maker) string { return fmt.Sprintf("2001:db8::%x", m.Between(1, 0xffff)) },
	"uri": maker.url, "url": maker.url, "iri": maker.url, "uri-reference": func(m maker) string { return "/" + m.slug() }, "iri-reference": func(m maker) string { return "/" + m.slug() },
	"uri-template": func(m maker) string { return "/" + m.LoremIpsumWord() + "/{id}" },
	"json-pointer": func(m maker) string { return "/" + m.LoremIpsumWord() + "/0" }, "relative-json-pointer": func(m maker) string { return "1/" + m.LoremIpsumWord() },
	"regex": func(m maker) string { return "^[a-z]+$" }, "byte": func(m maker) string { return base64.StdEncoding.EncodeToString([]byte(m.slug())) },
	"base64": func(m maker) string { return base64.StdEncoding.EncodeToString([]byte(m.slug())) }, "base64url": func(m maker) string { return base64.RawURLEncoding.EncodeToString([]byte(m.slug())) },
	"binary": maker.word, "password": fixed("correct-Horse-7-battery"),
}

// Pattern gives an expression whose matches are of the format, for texts that have to
// keep to other patterns or to lengths as well; false where none is needed. It
// describes much of the format but not all.
func Pattern(format string) (string, bool) {
	expr, ok := patterns[format]
	return expr, ok
}

const (
	dateExpr  = `\d{4}-(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])`
	timeExpr  = `([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)`
	labelExpr = `[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?`
	hostExpr  = labelExpr + `(\.` + labelExpr + `)*`
	emailExpr = `[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@` + hostExpr
	charExpr  = `([A-Za-z0-9._~!$&'()*+,;=@-]|%[0-9A-Fa-f]{2})`
	tailExpr  = `(\?(` + charExpr + `|[/?:])*)?(#(` + charExpr + `|[/?:])*)?`
	pathExpr  = `(/(` + charExpr + `|:)*)*`
	uriExpr   = `[A-Za-z][A-Za-z0-9+.-]*:(//` + hostExpr + `(:\d{1,5})?` + pathExpr + `|(` + charExpr + `|[/:])*)` + tailExpr
	octetExpr = `(25[0-5]|2[0-4]\d|1\d\d|[1-9]\d|\d)`
	tokenExpr = `(/([^~/]|~[01])*)*`
)

var patterns = map[string]string{
	"date": `^` + dateExpr + `$`, "date-time": `^` + dateExpr + `[Tt]` + timeExpr + `$`, "time": `^` + timeExpr + `$`,
	"duration": `^P(\d+W|(\d+Y)?(\d+M)?\d+D|\d+Y(\d+M)?|\d+M|(\d+Y)?(\d+M)?(\d+D)?T(\d+H(\d+M)?(\d+S)?|\d+M(\d+S)?|\d+(\.\d+)?S))$`,
	"uuid":     `^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`,
	"email":    `^` + emailExpr + `$`, "idn-email": `^` + emailExpr + `$`, "hostname": `^` + hostExpr + `$`, "idn-hostname": `^` + hostExpr + `$`,
	"ipv4": `^` + octetExpr + `(\.` + octetExpr + `){3}$`,
	"ipv6": `^(([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,6}:[0-9a-fA-F]{1,4}|([0-9a-fA-F]{1,4}:){1,7}:|::([0-9a-fA-F]{1,4})?)$`,
	"uri":  `^` + uriExpr + `$`, "iri": `^` + uriExpr + `$`,
	"uri-reference": `^(` + uriExpr + `|(` + charExpr + `+)?` + pathExpr + tailExpr + `)$`, "iri-reference": `^(` + uriExpr + `|(` + charExpr + `+)?` + pathExpr + tailExpr + `)$`,
	"uri-template": `^([A-Za-z0-9/:._~?=&-]|\{[A-Za-z][A-Za-z0-9_]*\})*$`,
	"json-pointer": `^` + tokenExpr + `$`, "relative-json-pointer": `^(0|[1-9]\d*)(#|` + tokenExpr + `)$`,
	"regex": `^\^?[A-Za-z0-9 _-]*\$?$`, "byte": `^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$`,
}
