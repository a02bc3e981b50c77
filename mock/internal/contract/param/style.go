package param

import (
	"fmt"
	"net/http"
	"strings"
	"sync"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// CodeStyleNotEnforced tells of a style where the specification does not define
// it, or of content that is not decoded. The parameter is read in the nearest
// meaningful way.
const CodeStyleNotEnforced source.Code = "style-not-enforced"

// The styles of the specification, and tsv of Swagger 2.0.
const (
	styleSimple = "simple"
	styleLabel  = "label"
	styleMatrix = "matrix"
	styleForm   = "form"
	styleSpace  = "spaceDelimited"
	stylePipe   = "pipeDelimited"
	styleTab    = "tsv"
	styleDeep   = "deepObject"
	styleCookie = "cookie"
)

// form is how a parameter is found and split: what choose makes of the style
// table. It is immutable once the parameter is compiled, and shared by those for which it
// is the same.
type form struct {
	// decode does it all; the rest is for its use.
	decode func(d *Decoder, in *Input, out *exchange.Parameter) []exchange.Violation
	// first gives the first raw value of the parameter's name, and how many there are.
	first func(d *Decoder, in *Input) (raw string, count int)
	// pairs gives the query or the cookies, nil elsewhere.
	pairs func(d *Decoder, in *Input) []Pair
	text  unescape
	// opening takes off what the path styles label and matrix put in front; nil
	// for nothing.
	opening func(d *Decoder, raw string) (body string, ok bool)
	// cut separates items and members; nil where each has a pair of its own.
	cut cut
	// named tells that items are written name=item, as in the exploded matrix style.
	named bool
	// assigned tells that members are written name=value, else in turn.
	assigned bool
	// order are the readings to try.
	order []kind
	// claims is for Claims; open tells that undeclared members are taken.
	claims func(d *Decoder, name string) bool
	open   bool
	// spread tells that the members of an object have pairs of their own.
	spread bool
	// emptyOK is allowEmptyValue where it has a meaning.
	emptyOK bool
	// unescaped tells that pairs are sent as they are, as in multipart bodies.
	unescaped bool
	// ignored parameters are decoded and never judged.
	ignored bool
}

// styleNames are the styles that a location has, its default first.
var styleNames = map[exchange.Location][]string{
	exchange.Path:   {styleSimple, styleLabel, styleMatrix},
	exchange.Query:  {styleForm, styleSpace, stylePipe, styleDeep},
	exchange.Body:   {styleForm, styleSpace, stylePipe, styleDeep},
	exchange.Header: {styleSimple},
	exchange.Cookie: {styleForm, styleCookie},
}

// choose fills in the form by location, style, explode and types.
func (d *Decoder) choose(dir schema.Direction) source.Diagnostics {
	style, found := d.nearest()
	d.locate(style, dir)
	d.order = readings(d.types, d.shape)
	d.claims = claimsName
	if d.Whole {
		d.claims, d.open = claimsAll, true
		if d.MediaType != "" {
			d.first, d.text = wholeQuery, percent
			return d.chooseContent()
		}
		d.decode = decodeWhole
		return found
	}
	d.emptyOK = d.AllowEmptyValue && d.In == exchange.Query && (d.MediaType != "" || style == styleForm)
	if d.MediaType != "" {
		return d.chooseContent()
	}
	d.delimit(style)
	if style == styleLabel && !d.Explode {
		d.order = append(d.order, kind{read: readDotted})
	}
	array, object := d.types.Has(schema.TypeArray), d.types.Has(schema.TypeObject)
	switch {
	case style == styleDeep:
		d.decode, d.key, d.claims = decodeDeep, d.Name+"[", claimsDeep
	case object && d.Explode && d.pairs != nil && d.types != schema.AnyType:
		d.decode, d.claims, d.spread = decodeExploded, claimsMembers, true
		d.open = !d.shape.Closed && (d.shape.Additional != nil || len(d.shape.Properties) == 0)
	case !array && !object:
		d.decode = decodeScalar
	default:
		d.decode = decodeText
	}
	found = append(found, d.unreadable(style)...)
	if !array && !object && style != styleDeep && d.In != exchange.Body {
		of := scalarForm{d.In, style, d.Explode, d.emptyOK, d.types, dir, d.ignored, d.key == "Host", fieldLists[d.key]}
		known, _ := scalarForms.LoadOrStore(of, d.form)
		d.form = known.(*form)
	}
	return found
}

// scalarForm is all on which the form of a parameter depends that is one piece of text.
type scalarForm struct {
	in               exchange.Location
	style            string
	explode, emptyOK bool
	types            schema.Types
	dir              schema.Direction
	// What the names of some headers mean.
	ignored, host, list bool
}

// scalarForms are scalarForm → *form. There are few: each of a location, a style and a set
// of types that there is.
var scalarForms sync.Map

// locate sets what depends on the location.
func (d *Decoder) locate(style string, dir schema.Direction) {
	switch d.In {
	case exchange.Path:
		d.first, d.text = firstInPath, percent
	case exchange.Query, exchange.Body:
		d.first, d.text = firstInQuery, plusPercent
		d.pairs = func(_ *Decoder, in *Input) []Pair { return in.Query }
	case exchange.Header:
		d.key = http.CanonicalHeaderKey(d.Name)
		if d.first, d.text = firstInHeader, trimmed; d.oneLine() {
			d.first = firstLine
		}
		if d.key == "Host" && dir == schema.Request {
			d.first = firstHost
		}
		d.ignored = d.key == "Content-Type" || dir == schema.Request && (d.key == "Accept" || d.key == "Authorization")
	case exchange.Cookie:
		d.first, d.text = firstInCookies, percent
		d.pairs = func(_ *Decoder, in *Input) []Pair { return in.Cookies }
		switch {
		case style == styleCookie:
			d.text = verbatim
		case d.Explode:
			d.pairs = cookiePairs
		}
	default:
		d.first, d.text = firstNowhere, verbatim
	}
}

// delimit sets how the text of the style is split.
func (d *Decoder) delimit(style string) {
	switch style {
	case styleSimple:
		d.cut, d.assigned = cutComma, d.Explode
	case styleLabel:
		d.opening, d.cut = openLabel, cutComma
		if d.Explode {
			d.cut, d.assigned = cutDot, true
		}
	case styleMatrix:
		d.opening, d.cut = openMatrix, cutComma
		if d.Explode && d.types&(schema.TypeArray|schema.TypeObject) != 0 {
			d.opening, d.cut, d.assigned, d.named = openMatrixList, cutSemicolon, true, true
		}
	case styleForm, styleCookie:
		if d.cut = cutComma; d.Explode {
			d.cut = nil
		}
	case styleSpace:
		if d.cut = cutEncodedSpace; d.inPairs() {
			d.cut = cutSpace
		}
	case stylePipe:
		d.cut = cutPipe
	case styleTab:
		d.cut = cutTab
	}
}

// nearest gives the style by which the parameter is read, with a warning where
// that is not what the description says.
func (d *Decoder) nearest() (string, source.Diagnostics) {
	names := styleNames[d.In]
	if len(names) == 0 {
		return styleSimple, d.warn(d.Node.Get("in"), fmt.Sprintf("parameters in %q are not read", d.In), "write path, query, header or cookie")
	}
	scalars := d.types&^scalarTypes == 0
	switch style := d.Style; {
	case d.MediaType != "" || style == "":
		return names[0], nil
	case style == styleSpace || style == stylePipe || style == styleTab:
		return d.nearestDelimited(style, names, scalars)
	case style == styleDeep && d.inPairs():
		if !d.types.Has(schema.TypeObject) {
			return style, d.warnStyle("deepObject is defined for objects only; name[] and name[0] are read as items", "")
		}
		return style, nil
	default:
		for _, name := range names {
			if name == style {
				return style, nil
			}
		}
		return names[0], d.warnStyle(fmt.Sprintf("the style %q is not defined in %s; it is read as %s", style, d.In, names[0]), "use "+strings.Join(names, ", "))
	}
}

// inPairs tells whether the parameter is sent as pairs of names and values, as in
// queries and forms.
func (d *Decoder) inPairs() bool { return d.In == exchange.Query || d.In == exchange.Body }

// nearestDelimited judges the styles that are a delimiter. Swagger 2.0 has them
// everywhere, and then all is as described.
func (d *Decoder) nearestDelimited(style string, names []string, scalars bool) (string, source.Diagnostics) {
	switch swagger := style == styleTab || d.Node.Has("collectionFormat"); {
	case scalars && swagger:
		return names[0], nil
	case scalars:
		return names[0], d.warnStyle(fmt.Sprintf("the style %s is defined for arrays and objects only; it is read as %s", style, names[0]), "leave the style out")
	case swagger:
		return style, nil
	case !d.inPairs():
		return style, d.warnStyle(fmt.Sprintf("the style %s is defined in query only; it is read as in a query", style), "use "+strings.Join(names, ", "))
	case d.Explode:
		return style, d.warnStyle(fmt.Sprintf("the style %s is not defined with explode: true; repeated and delimited values are both read", style), "write explode: false")
	}
	return style, nil
}

// unreadable warns of values that the style cannot carry at all.
func (d *Decoder) unreadable(style string) source.Diagnostics {
	nested := func(s *schema.Shape) bool {
		return s != nil && s.Types != 0 && s.Types&scalarTypes == 0
	}
	if style == styleDeep {
		return nil
	}
	found := func(what string) source.Diagnostics {
		return d.warn(d.Schema, fmt.Sprintf("the style %s does not define how %s are written; they are read as JSON, and arrays also with commas", style, what), "describe the parameter by content with application/json")
	}
	if d.types.Has(schema.TypeArray) && nested(d.shape.Item(0)) {
		return found("arrays and objects inside of an array")
	}
	if d.types.Has(schema.TypeObject) && !d.open {
		for _, p := range d.shape.Properties {
			// A repeated name carries an array inside of an exploded object well enough.
			if nested(p) && (!d.Explode || p.Types.Has(schema.TypeObject)) {
				return found("arrays and objects inside of an object")
			}
		}
		if d.types == schema.TypeObject && d.pairs != nil && d.Explode && len(d.shape.Properties) == 0 {
			return d.warn(d.Schema, "an exploded object without properties can never be sent", "declare its properties")
		}
	}
	return nil
}

func (d *Decoder) warnStyle(message, hint string) source.Diagnostics {
	return d.warn(d.Node.Get("style"), message, hint)
}

func (d *Decoder) warn(n *source.Node, message, hint string) source.Diagnostics {
	if n == nil {
		n = d.Node
	}
	return source.Diagnostics{{Code: CodeStyleNotEnforced, Severity: source.Warning, Message: message, At: n.At(), Hint: hint}}
}
