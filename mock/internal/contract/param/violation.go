package param

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// maxShown bounds the text of a request that a violation repeats, in characters.
const maxShown = 80

// quoted shows text of a request.
func quoted(text string) string { return strconv.Quote(clip(text)) }

func clip(text string) string {
	if utf8.RuneCountInString(text) <= maxShown {
		return text
	}
	return string([]rune(text[:min(len(text), maxShown*utf8.UTFMax)])[:maxShown]) + "…"
}

// what names the parameter for people.
func (d *Decoder) what() string {
	switch d.In {
	case exchange.Path:
		return "the path parameter " + d.Name
	case exchange.Query:
		return "the query parameter " + d.Name
	case exchange.Body:
		if d.Name == "" {
			return "the body"
		}
		return "the field " + d.Name
	}
	return fmt.Sprintf("the %s %s", d.In, d.Name)
}

var pointerUnescaper = strings.NewReplacer("~1", "/", "~0", "~")

// part names a part of the parameter for people.
func (d *Decoder) part(pointer string) string {
	switch {
	case pointer == "":
		return d.what()
	case d.spread && strings.Count(pointer, "/") == 1 && d.In == exchange.Body:
		return "the field " + pointerUnescaper.Replace(pointer[1:])
	case d.spread && strings.Count(pointer, "/") == 1:
		return fmt.Sprintf("the %s parameter %s", d.In, pointerUnescaper.Replace(pointer[1:]))
	case d.key != "" && d.inPairs(): // deepObject
		name := d.Name
		for token := range strings.SplitSeq(pointer[1:], "/") {
			name += "[" + pointerUnescaper.Replace(token) + "]"
		}
		if d.In == exchange.Body {
			return "the field " + name
		}
		return "the query parameter " + name
	}
	return "part " + pointer + " of " + d.what()
}

// complete adds what only the parameter knows to a violation.
func (d *Decoder) complete(v exchange.Violation) exchange.Violation {
	v.In, v.Name = d.In, d.Name
	if v.Contract == nil {
		v.Contract = d.position("")
	}
	if v.Fix == "" {
		v.Fix = "change " + d.part(v.Pointer)
	}
	return v
}

// position is the place of a member of the parameter object, or of the object.
func (d *Decoder) position(key string) exchange.Position {
	if n := d.Node.Get(key); key != "" && n != nil {
		return n.At()
	}
	if d.Node == nil {
		return nil
	}
	return d.Node.At()
}

// refuse keeps text that could not be taken apart, with the violation that says why.
func (d *Decoder) refuse(out *exchange.Parameter, raw string, v exchange.Violation) []exchange.Violation {
	out.Present, out.Raw, out.Value = true, raw, raw
	return []exchange.Violation{d.complete(v)}
}

// absent is the outcome for a parameter that was not sent. It is read-only.
func (d *Decoder) absent() []exchange.Violation {
	if d.missing == nil {
		return nil
	}
	return d.missing[:]
}

// missed is what absent tells, made when the parameter is compiled; nil for one that may
// be left out.
func (d *Decoder) missed() *[1]exchange.Violation {
	if !d.Required {
		return nil
	}
	return &[1]exchange.Violation{d.complete(exchange.Violation{Rule: exchange.RuleRequired, Fix: d.sendIt()})}
}

func (d *Decoder) sendIt() string {
	fix := "send " + d.what()
	if d.In == exchange.Header && strings.Contains(d.Name, "_") {
		fix += "; if nginx stands in between: it drops headers with an underscore in their name unless underscores_in_headers is on"
	}
	return fix
}

// absentMembers is absent for an object that is spread over pairs of its own.
func (d *Decoder) absentMembers(first string, count int) []exchange.Violation {
	if d.missing == nil {
		return nil
	}
	v := d.missing[0]
	v.Fix = fmt.Sprintf("send the members of the object %s as parameters of their own", d.Name)
	for name := range d.shape.Properties {
		v.Fix += ", such as " + name + "=VALUE"
		break
	}
	if count > 0 {
		v.Expected, v.Got = "sent as one parameter for each member", quoted(d.Name+"="+first)
	}
	return []exchange.Violation{v}
}

func decodeFault(pointer, expected, got, fix string) exchange.Violation {
	return exchange.Violation{Pointer: pointer, Rule: exchange.RuleDecode, Expected: expected, Got: got, Fix: fix}
}

func (d *Decoder) notEscaped(pointer, raw string) exchange.Violation {
	if d.In == exchange.Body && strings.IndexByte(raw, '%') < 0 {
		return decodeFault(pointer, "UTF-8", quoted(raw), "send "+d.part(pointer)+" as UTF-8")
	}
	return decodeFault(pointer, "percent-encoded UTF-8", quoted(raw), "write % as %25, and other characters of "+d.part(pointer)+" as the percent-encoded bytes of UTF-8")
}

func (d *Decoder) tooMany(pointer string) exchange.Violation {
	return decodeFault(pointer, fmt.Sprintf("at most %d items or members", MaxMembers), "more", "send fewer of them in "+d.part(pointer))
}

func (d *Decoder) notOpened(raw string) exchange.Violation {
	form := ".VALUE"
	if d.Style == styleMatrix {
		form = ";" + d.Name + "=VALUE"
	}
	v := decodeFault("", "written "+form, quoted(raw), fmt.Sprintf("write %s as %s (style %s)", d.what(), form, d.Style))
	v.Contract = d.position("style")
	return v
}

func (d *Decoder) notMembers(raw string) exchange.Violation {
	form := "names and values in turn"
	if d.assigned {
		form = "name=value"
	}
	return decodeFault("", "an object written as "+form, quoted(raw), fmt.Sprintf("write the members of %s as %s", d.what(), form))
}

func (d *Decoder) notDeep(name string) exchange.Violation {
	form := d.Name + "[member]=value"
	return decodeFault("", "written "+form, quoted(name), fmt.Sprintf("write %s as %s, with at most %d brackets", d.what(), form, MaxDepth))
}

// fault notes a part that could not be decoded; explain completes it. More than a
// schema would tell are not noted: the first ones say enough.
func (r *reader) fault(v exchange.Violation) {
	if len(r.faults) < schema.MaxViolations {
		r.faults = append(r.faults, v)
	}
}

// repeated notes a part that was sent count times and may be sent once.
func (r *reader) repeated(pointer string, count int) {
	if len(r.repeats) >= schema.MaxViolations {
		return
	}
	r.repeats = append(r.repeats, r.d.complete(exchange.Violation{
		Pointer: pointer, Rule: RuleRepeated,
		Expected: "sent once", Got: fmt.Sprintf("%d values", count),
		Fix: "send " + r.d.part(pointer) + " once",
	}))
}

// notRead notes that the whole text is of none of the parameter's types.
func (r *reader) notRead(pointer, text string) { r.mistyped(pointer, text, r.d.types) }

// mistyped notes text that spells a value of none of the types.
func (r *reader) mistyped(pointer, text string, types schema.Types) {
	expected, got := TypeNames(types), quoted(text)
	if isNumber, _ := numeric(text); isNumber && types.Has(schema.TypeInteger) {
		got = clip(text) // a number of the wrong kind
	}
	v := exchange.Violation{Pointer: pointer, Rule: "type", Expected: expected, Got: got}
	v.Fix = "send " + r.d.part(pointer) + " as " + expected + r.advice(pointer, text, types)
	r.fault(v)
}

// advice tells what is likely to have gone wrong with a text.
func (r *reader) advice(pointer, text string, types schema.Types) string {
	number := types&(schema.TypeInteger|schema.TypeNumber) != 0
	switch {
	case pointer != "" && strings.Contains(text, ",") && r.d.cut == nil:
		return "; each item is a parameter of its own: " + r.d.Name + "=VALUE&" + r.d.Name + "=VALUE"
	case pointer != "" && strings.Contains(text, ","):
		return "; a comma between items is sent as it is, %2C is part of an item"
	case number && strings.ContainsAny(text, "0123456789"):
		return ", written as in JSON: no spaces, separators, leading zeros or plus sign"
	case types.Has(schema.TypeBoolean) && !number && text != "":
		return ", in these very letters"
	}
	return ""
}

// notBranch notes brackets where the shape has no members, or a value beside them.
func (r *reader) notBranch(pointer string, types schema.Types, b *branch) {
	expected, got := TypeNames(types), "members "+b.shownKeys()
	if len(b.raws) > 0 {
		expected, got = "a value or members, not both", "both"
	}
	r.fault(exchange.Violation{Pointer: pointer, Rule: "type", Expected: expected, Got: got, Fix: "send " + r.d.part(pointer) + " as " + expected})
}

var typeNames = []struct {
	types schema.Types
	name  string
}{
	{schema.TypeNumber, "a number"},
	{schema.TypeInteger, "an integer"},
	{schema.TypeBoolean, "true or false"},
	{schema.TypeString, "a string"},
	{schema.TypeArray, "an array"},
	{schema.TypeObject, "an object"},
	{schema.TypeNull, "null"},
}

// TypeNames lists types for people.
func TypeNames(types schema.Types) string {
	var all []string
	for _, t := range typeNames {
		if types.Has(t.types) && !(t.types == schema.TypeInteger && types.Has(schema.TypeNumber)) {
			all = append(all, t.name)
		}
	}
	switch len(all) {
	case 0:
		return "something else"
	case 1:
		return all[0]
	}
	return strings.Join(all[:len(all)-1], ", ") + " or " + all[len(all)-1]
}
