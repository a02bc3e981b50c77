package importer

import (
	"strings"
)

// fakes are faker's names of data with those that expressions have.
var fakes = map[string]string{
	"internet.email": "email", "internet.userName": "username", "internet.username": "username", "internet.url": "url",
	"person.firstName": "first_name", "person.lastName": "last_name", "person.fullName": "name", "name.firstName": "first_name",
	"name.lastName": "last_name", "location.city": "city", "location.country": "country", "location.streetAddress": "street",
	"location.zipCode": "zip", "address.city": "city", "address.country": "country", "company.name": "company", "phone.number": "phone",
}

// helper gives the expression for one of Mockoon's templating helpers.
func (r *mockoonRoute) helper(words []string) (phrase, bool) {
	arguments := make([]string, 0, len(words)-1)
	for _, w := range words[1:] {
		argument, ok := quoted(w)
		if !ok {
			return phrase{}, false
		}
		arguments = append(arguments, argument)
	}
	name, otherwise := "", ""
	if len(arguments) > 0 {
		name = arguments[0]
	}
	if len(arguments) > 1 {
		otherwise = arguments[1]
	}
	plainName := name != "" && !strings.ContainsAny(name, ".$[")
	switch words[0] {
	case "urlParam":
		if len(arguments) == 1 {
			return r.t.pathText(name)
		}
	case "queryParam":
		return queryText(r.t.op, name, otherwise), plainName && len(arguments) <= 2
	case "header":
		return headerText(r.t.op, name, otherwise), name != "" && len(arguments) <= 2
	case "cookie":
		return cookieText(r.t.op, name, otherwise), name != "" && len(arguments) <= 2
	case "body":
		return r.bodyHelper(name, otherwise, len(arguments))
	case "method":
		return textual("request.method"), len(arguments) == 0
	case "uuid", "guid":
		return textual("uuid()"), len(arguments) == 0
	case "now":
		return nowOf(arguments)
	case "faker":
		return fakerHelper(arguments)
	}
	return phrase{}, false
}

func (r *mockoonRoute) bodyHelper(path, otherwise string, n int) (phrase, bool) {
	if !hasBody(r.t.op) || n > 2 {
		return phrase{}, false
	}
	if path == "" {
		code, ok := wholeBody(r.t.op)
		return phrase{code: code, text: code == "body"}, ok && n == 0
	}
	steps, ok := cutPath(path)
	p := bodyText(steps)
	if otherwise != "" {
		p.code = strings.TrimSuffix(p.code, `""`) + quote(otherwise)
	}
	return p, ok && !strings.Contains(path, `\`)
}

func nowOf(arguments []string) (phrase, bool) {
	switch len(arguments) {
	case 0:
		return nowText("2006-01-02T15:04:05Z07:00", 0), true
	case 1:
		layout, ok := layoutOf(arguments[0])
		return nowText(layout, 0), ok
	}
	return phrase{}, false
}

func fakerHelper(arguments []string) (phrase, bool) {
	if len(arguments) != 1 {
		return phrase{}, false
	}
	if arguments[0] == "string.uuid" || arguments[0] == "datatype.uuid" {
		return textual("uuid()"), true
	}
	known, ok := fakes[arguments[0]]
	return textual("fake(" + quote(known) + ")"), ok
}
