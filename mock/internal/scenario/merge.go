package scenario

import (
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// nullWord sets a member to null, where a plain null removes it (RFC 7396).
const nullWord = "$null"

// merge compiles a body that states only what differs from an example.
func (c *compiler) merge(r *respondSpec, a *answer, media *contract.Media) {
	base := c.base(r, a, media)
	if base == nil {
		return
	}
	merged := source.New(r.body, source.Object, r.body.Key, "")
	if base.Is(source.Object) {
		merged = *base.Clone()
	}
	merged = patched(merged, r.body)
	c.tree(r, a, media, source.Link(&merged))
}

// base gives the example that is patched. Examples of text that holds JSON are read.
func (c *compiler) base(r *respondSpec, a *answer, media *contract.Media) *source.Node {
	if media == nil || !media.Type.IsJSON() {
		c.fault(CodeBodyNotEncodable, r.body.KeyAt(), "merge needs a status that describes a JSON body", "write the whole body", mediaPlace(media)...)
		return nil
	}
	var example *contract.Example
	switch {
	case r.example != nil:
		if example = media.Example(r.example.Text); example == nil {
			c.unknownExample(r.example, a)
			return nil
		}
	case len(media.Examples) > 0:
		example = media.Examples[0]
	default:
		c.fault(CodeNotSupportedYet, r.body.KeyAt(), fmt.Sprintf("status %s of %s has no example to patch, and patching a generated body is not supported yet", a.written, c.op.Name()), "write the whole body",
			mediaPlace(media)...)
		return nil
	}
	if !example.Serialized && !example.Node.Is(source.String) {
		return example.Node
	}
	text, _ := media.Encode(example)
	parsed, _ := source.Parse(&source.File{Name: example.Node.At().Position().File, Data: text}, source.Options{Lenient: true})
	return parsed
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
