package param

import (
	"slices"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
)

// A kind is one reading of what was sent: a scalar type, or an array or object
// under a condition that makes it likelier than a string.
type kind struct {
	scalar schema.Types // for the scalar readings
	read   func(r *reader, s *sent) (value any, ok bool)
}

// readings lists the readings for a set of types in the order in which they are
// tried; never none.
func readings(types schema.Types, shape *schema.Shape) []kind {
	var order []kind
	add := func(on bool, read func(r *reader, s *sent) (any, bool)) {
		if on {
			order = append(order, kind{read: read})
		}
	}
	array, object := types.Has(schema.TypeArray), types.Has(schema.TypeObject)
	scalars := orders[types]
	mixed := len(scalars) > 0 || array && object
	add(array && mixed, readRepeated)
	for _, t := range scalars {
		if t == schema.TypeString && types != schema.AnyType {
			add(object && mixed, readDeclared)
			add(array && mixed, readSeveral)
		}
		order = append(order, scalarKind(t))
	}
	if !types.Has(schema.TypeString) {
		add(object && mixed, readDeclared)
	}
	add(array, readArray)
	add(array && admitsText(shape.Item(0)), readEmptyItem)
	add(object, readObject)
	if len(order) == 0 {
		// A schema that admits nothing judges the text.
		order = append(order, scalarKind(schema.TypeString))
	}
	return order
}

func admitsText(s *schema.Shape) bool { return s == nil || s.Types.Has(schema.TypeString) }

func scalarKind(t schema.Types) kind {
	return kind{t, func(r *reader, s *sent) (any, bool) {
		several := s.count > 1
		if !s.textOK || several && r.d.types.Has(schema.TypeArray) {
			return nil, false
		}
		value, ok := scalar(t, s.text)
		if ok && several {
			r.repeated("", s.count)
		}
		return value, ok
	}}
}

// readRepeated takes a repeated name as an array, whatever else is possible.
func readRepeated(r *reader, s *sent) (any, bool) {
	if s.count < 2 {
		return nil, false
	}
	return readArray(r, s)
}

// readSeveral takes text with a delimiter in it as an array before it is a string.
func readSeveral(r *reader, s *sent) (any, bool) {
	if len(s.pieces) < 2 {
		return nil, false
	}
	return readArray(r, s)
}

func readArray(r *reader, s *sent) (any, bool) {
	pieces := s.pieces
	if len(s.raws) == 1 && s.raws[0] == "" || r.d.named && len(pieces) == 1 && pieces[0] == r.d.Name {
		return []any{}, true
	}
	if r.d.named {
		var ok bool
		if pieces, ok = r.d.unnamed(pieces); !ok {
			return nil, false
		}
	}
	return r.array(r.d.shape, pieces, ""), true
}

// unnamed takes name= off the items of the exploded matrix style.
func (d *Decoder) unnamed(pieces []string) (items []string, ok bool) {
	items = make([]string, len(pieces))
	for i, piece := range pieces {
		name, value, _ := strings.Cut(piece, "=")
		if plain, ok := d.text(name); !ok || plain != d.Name {
			return nil, false
		}
		items[i] = value
	}
	return items, true
}

// readEmptyItem takes no text as an array of one empty string.
func readEmptyItem(r *reader, s *sent) (any, bool) {
	if len(s.raws) != 1 || s.raws[0] != "" {
		return nil, false
	}
	return r.array(r.d.shape, s.raws, ""), true
}

// readDotted takes points as delimiters where nothing else fits: up to 3.0.3 the
// specification's table wrote the label style so, exploded or not.
func readDotted(r *reader, s *sent) (any, bool) {
	if len(s.pieces) > 1 {
		return nil, false
	}
	dotted := sent{raws: s.raws, count: s.count}
	var ok bool
	if dotted.pieces, ok = cut(cutDot).split(nil, s.raws[0]); !ok || len(dotted.pieces) < 2 {
		return nil, false
	}
	if r.d.types.Has(schema.TypeArray) {
		return readArray(r, &dotted)
	}
	return readObject(r, &dotted)
}

// readDeclared takes text as an object if all its members are declared.
func readDeclared(r *reader, s *sent) (any, bool) {
	if !r.d.findMembers(s) || len(s.members) == 0 {
		return nil, false
	}
	undeclared := func(m Pair) bool {
		_, ok := r.d.shape.Properties[m.Name]
		return !ok
	}
	if slices.ContainsFunc(s.members, undeclared) {
		return nil, false
	}
	return r.object(r.d.shape, s.members, ""), true
}

func readObject(r *reader, s *sent) (any, bool) {
	if !r.d.findMembers(s) {
		return nil, false
	}
	return r.object(r.d.shape, s.members, ""), true
}

// findMembers reads the pieces as members, name=value or name and value in turn.
func (d *Decoder) findMembers(s *sent) bool {
	if s.members != nil {
		return true
	}
	empty := len(s.raws) == 1 && (s.raws[0] == "" || d.named && s.raws[0] == d.Name)
	if empty && !d.declaresOwnName() {
		s.members = []Pair{}
		return true
	}
	if !d.assigned {
		return d.membersInTurn(s)
	}
	for _, piece := range s.pieces {
		name, value, _ := strings.Cut(piece, "=")
		plain, ok := d.text(name)
		if !ok {
			s.members = nil
			return false
		}
		s.members = append(s.members, Pair{plain, value})
	}
	return true
}

// declaresOwnName tells whether ;name is a member and not an empty object.
func (d *Decoder) declaresOwnName() bool {
	_, ok := d.shape.Properties[d.Name]
	return ok && d.named
}

func (d *Decoder) membersInTurn(s *sent) bool {
	if len(s.pieces)%2 != 0 {
		return false
	}
	members := make([]Pair, 0, len(s.pieces)/2)
	for i := 0; i < len(s.pieces); i += 2 {
		plain, ok := d.text(s.pieces[i])
		if !ok {
			return false
		}
		members = append(members, Pair{plain, s.pieces[i+1]})
	}
	s.members = members
	return true
}
