package scenario

import (
	"errors"
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/sample"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// generated makes a body for a status, the one that the contract's own answer has
// with the same seed. It reports at n why there is none.
func (c *compiler) generated(n *source.Node, msg *message, media *contract.Media, t contract.MediaType) ([]byte, bool) {
	if media == nil {
		c.fault(CodeNotGenerated, n.KeyAt(), fmt.Sprintf("%s describes no body to generate", msg.subject), "write the body itself, with body or text")
		return nil, false
	}
	made := c.loader.generated(media, t, msg.status)
	reason, hint, places := "", "write the body itself, with body or text", mediaPlace(media)
	var unsatisfiable *sample.Unsatisfiable
	switch {
	case made.err == nil:
		return made.body, true
	case errors.Is(made.err, sample.ErrMediaType):
		reason, hint = sample.ErrMediaType.Error(), "write the body itself, with file, base64 or text"
	case errors.As(made.err, &unsatisfiable):
		reason, places = unsatisfiable.Reason, related(unsatisfiable.At, "this part of the schema stands in the way")
	default:
		reason = firstLine(made.err.Error())
	}
	c.fault(CodeNotGenerated, n.KeyAt(), fmt.Sprintf("no body of %s could be generated for %s: %s", media.Name, msg.subject, reason), hint, places...)
	return nil, false
}

// generatedBody is a body that was generated at load, or why there is none.
type generatedBody struct {
	body []byte
	err  error
}

// bodyKey tells generated bodies apart: one for a range may be JSON or text.
type bodyKey struct {
	media  *contract.Media
	as     contract.Syntax
	status int // 0 where the body does not depend on it
}

// generated makes each body once for all files.
func (l *loader) generated(m *contract.Media, t contract.MediaType, status int) generatedBody {
	if !sample.ByStatus(m, t) {
		status = 0
	}
	key := bodyKey{m, t.Syntax(), status}
	made, ok := l.bodies[key]
	if !ok {
		made.body, made.err = sample.BodyAs(m, t, sample.Options{Seed: l.opts.Seed, Status: status})
		l.bodies[key] = made
	}
	return made
}

// generate states that the body is generated. It is made at load, which proves that
// there is one; requests that want another each time get theirs from the engine.
func (c *compiler) generate(r *messageSpec, msg *message, media *contract.Media, t contract.MediaType) {
	if body, ok := c.generated(r.body, msg, media, t); ok {
		msg.fixed, msg.generated = body, media
	}
}
