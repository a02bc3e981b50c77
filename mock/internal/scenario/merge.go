package scenario

import (
	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// nullWord sets a member to null, where a plain null removes it (RFC 7396).
const nullWord = "$null"

// merge compiles a body that states only what differs from an example, or from the
// generated body where the contract has no example that conforms.
func (c *compiler) merge(r *messageSpec, msg *message, media *contract.Media, t contract.MediaType) {
	base := c.base(r, msg, media, t)
	if base == nil {
		return
	}
	merged := source.New(r.body, source.Object, r.body.Key, "")
	if base.Is(source.Object) {
		merged = *base.Clone()
	}
	merged = patched(merged, r.body)
	c.tree(r, msg, media, source.Link(&merged), t)
}

// base gives what is patched. Examples of text that holds JSON are read.
func (c *compiler) base(r *messageSpec, msg *message, media *contract.Media, t contract.MediaType) *source.Node {
	if media == nil || !t.IsJSON() && !media.Data(t) {
		c.fault(CodeBodyNotEncodable, r.body.KeyAt(), "merge needs a status that describes a body of data", "write the whole body", mediaPlace(media)...)
		return nil
	}
	example := firstConforming(media)
	if r.example != nil {
		if example = media.Example(r.example.Text); example == nil {
			c.unknownExample(r.example, msg)
			return nil
		}
	}
	switch {
	case example == nil:
		body, ok := c.generated(r.body, msg, media, t)
		if !ok {
			return nil
		}
		return c.read(media, t, "generated.json", body)
	case !example.Serialized && !example.Node.Is(source.String):
		return example.Node
	}
	text, _ := media.Encode(example)
	return c.read(media, t, example.Node.At().Position().File, text)
}

// read gives the data that a body holds. What is no JSON is read by its schema.
func (c *compiler) read(media *contract.Media, t contract.MediaType, name string, body []byte) *source.Node {
	if t.IsJSON() {
		return parsed(name, body)
	}
	value, ok := media.DecodeAs(t, body)
	text, err := appendJSON(nil, value)
	if !ok || err != nil {
		text = []byte("{}")
	}
	return parsed(name, text)
}

// firstConforming gives the example that the contract's own answer has, nil for none.
func firstConforming(m *contract.Media) *contract.Example {
	for _, e := range m.Examples {
		if _, broken := m.Encode(e); len(broken) == 0 {
			return e
		}
	}
	return nil
}

// parsed reads JSON that stands in no scenario file.
func parsed(name string, text []byte) *source.Node {
	n, _ := source.Parse(&source.File{Name: name, Data: text}, source.Options{Lenient: true})
	return n
}

// patched gives the value of target after a merge patch (RFC 7396 section 2).
func patched(target source.Node, patch *source.Node) source.Node {
	if isNullWord(patch) {
		return source.New(patch, source.Null, target.Key, "")
	}
	if !patch.Is(source.Object) {
		return patch.Clone().Renamed(target.Key)
	}
	if target.Kind != source.Object {
		target = source.New(patch, source.Object, target.Key, "")
	}
	for name, change := range patch.Members() {
		i := indexOf(target.Kids, name)
		switch {
		case change.Is(source.Null) && i >= 0:
			target.Kids = append(target.Kids[:i:i], target.Kids[i+1:]...)
		case change.Is(source.Null):
		case i >= 0:
			target.Kids[i] = patched(target.Kids[i], change)
		default:
			target.Kids = append(target.Kids, patched(source.New(change, source.Null, name, ""), change))
		}
	}
	return target
}

func isNullWord(n *source.Node) bool {
	return n.Is(source.Object) && len(n.Kids) == 1 && n.Kids[0].Key == nullWord && n.Kids[0].IsTrue()
}

func indexOf(kids []source.Node, name string) int {
	for i := range kids {
		if kids[i].Key == name {
			return i
		}
	}
	return -1
}
