package importer

import (
	"strconv"
	"strings"
	"time"
)

// helper gives the expression for one of WireMock's response templating helpers.
func (w *wireRule) helper(words []string) (phrase, bool) {
	switch rest := words[1:]; words[0] {
	case "randomValue":
		return randomValue(rest)
	case "randomInt":
		return randomInt(rest)
	}
	if len(words) == 1 {
		return w.requestValue(words[0])
	}
	switch rest := words[1:]; words[0] {
	case "jsonPath":
		query, isText := quoted(rest[len(rest)-1])
		if len(rest) != 2 || rest[0] != "request.body" || !isText || !strings.HasPrefix(query, "$") {
			return phrase{}, false
		}
		steps, ok := cutPath(query)
		return bodyText(steps), ok && w.t.op != nil
	case "now":
		return nowHelper(rest)
	case "upper", "lower", "trim", "base64":
		if len(rest) == 1 {
			if inner, ok := w.argument(rest[0]); ok {
				return textual(words[0] + "(" + inner.asText() + ")"), true
			}
		}
	}
	return phrase{}, false
}

func (w *wireRule) argument(word string) (phrase, bool) {
	if value, ok := quoted(word); ok {
		return phrase{code: value, fixed: true}, true
	}
	return w.requestValue(word)
}

// requestValue gives the expression for a part of the request.
func (w *wireRule) requestValue(word string) (phrase, bool) {
	steps := modelSteps(word)
	if len(steps) == 1 && steps[0] == "now" {
		return nowHelper(nil)
	}
	if len(steps) < 2 || steps[0] != "request" {
		return phrase{}, false
	}
	switch steps[1] {
	case "url", "method", "id":
		return textual("request." + steps[1]), len(steps) == 2
	case "body":
		if code, ok := wholeBody(w.t.op); ok && len(steps) == 2 {
			return phrase{code: code, text: code == "body"}, true
		}
	case "path", "pathSegments":
		if len(steps) == 2 && steps[1] == "path" {
			return textual(`split(request.url, "?")[0]`), true
		}
		if len(steps) == 3 {
			if i, err := strconv.Atoi(steps[2]); err == nil {
				return w.t.segmentText(i)
			}
			return w.t.pathText(steps[2])
		}
	case "query":
		if len(steps) == 3 || len(steps) == 4 && steps[3] == "0" {
			return queryText(w.t.op, steps[2], ""), true
		}
	case "headers":
		if len(steps) == 3 || len(steps) == 4 && steps[3] == "0" {
			return headerText(w.t.op, steps[2], ""), true
		}
	case "cookies":
		if len(steps) == 3 {
			return cookieText(w.t.op, steps[2], ""), true
		}
	}
	return phrase{}, false
}

// modelSteps takes request.headers.[X-Id] apart.
func modelSteps(word string) []string {
	var steps []string
	for word != "" {
		if word[0] == '[' {
			end := strings.IndexByte(word, ']')
			if end < 0 {
				return nil
			}
			steps, word = append(steps, word[1:end]), strings.TrimPrefix(word[end+1:], ".")
			continue
		}
		end := strings.IndexByte(word, '.')
		if end < 0 {
			return append(steps, word)
		}
		steps, word = append(steps, word[:end]), word[end+1:]
	}
	return steps
}

// nowHelper maps the time with a format and an offset.
func nowHelper(options []string) (phrase, bool) {
	if !optionsAre(options, "format", "offset") {
		return phrase{}, false
	}
	var later time.Duration
	if offset, ok := option(options, "offset"); ok {
		if later, ok = offsetOf(offset); !ok {
			return phrase{}, false
		}
	}
	switch format, stated := option(options, "format"); {
	case !stated:
		return nowText("2006-01-02T15:04:05Z07:00", later), true
	case format == "epoch":
		return nowUnix("UnixMilli", later), true
	case format == "unix":
		return nowUnix("Unix", later), true
	default:
		layout, ok := layoutOf(format)
		return nowText(layout, later), ok
	}
}

func nowUnix(method string, later time.Duration) phrase {
	if later == 0 {
		return phrase{code: "now." + method + "()"}
	}
	return phrase{code: "(now + duration(" + quote(later.String()) + "))." + method + "()"}
}

// asText is the phrase as an argument that must be a text.
func (p phrase) asText() string {
	switch {
	case p.fixed:
		return quote(p.code)
	case p.text:
		return p.code
	}
	return "string(" + p.code + ")"
}

// offsetOf reads "3 days" and "-24 seconds". Months and years have no fixed length.
func offsetOf(text string) (time.Duration, bool) {
	count, unit, _ := strings.Cut(strings.TrimSpace(text), " ")
	n, err := strconv.Atoi(count)
	if err != nil || n > 1e6 || n < -1e6 {
		return 0, false
	}
	units := map[string]time.Duration{"second": time.Second, "minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour, "week": 7 * 24 * time.Hour}
	length, ok := units[strings.TrimSuffix(strings.TrimSpace(unit), "s")]
	return time.Duration(n) * length, ok
}
