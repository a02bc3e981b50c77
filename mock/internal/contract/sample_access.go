package contract

import (
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract/param"
	"github.com/understudy-mock/understudy/mock/internal/contract/schema"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Decoder reads the header and knows how it is described.
func (h *ResponseHeader) Decoder() *param.Decoder { return h.decoder }

// Schema is the compiled schema, nil where none is described; the error says why it
// cannot be compiled.
func (h *ResponseHeader) Schema() (*schema.Schema, error) {
	if h.decoder.Schema == nil {
		return nil, nil
	}
	return h.contract.schemas.Compile(h.decoder.Schema, h.dir)
}

// HeaderText makes the value of a header of a part.
type HeaderText func(*ResponseHeader) (string, error)

// ResponseSchema compiles a schema of this description for values in responses.
func (c *Contract) ResponseSchema(n *source.Node) (*schema.Schema, error) {
	return c.schemas.Compile(n, schema.Response)
}

// NeutralSchema takes a schema of this description apart, for values that are in no
// message.
func (c *Contract) NeutralSchema(n *source.Node) (schema.View, error) { return c.schemas.Neutral(n) }

// SchemaOf gives the schema of a part of a schema of this description.
func (c *Contract) SchemaOf(v schema.View) *schema.Schema { return c.schemas.SchemaOf(v) }

// Credential is what one security scheme wants to see in a request.
type Credential struct {
	// In and Name are where it is sent; In is empty for a client certificate.
	In   exchange.Location
	Name string
	// Scheme is the word that the Authorization header begins with, in lower case;
	// empty for API keys.
	Scheme string
	// Named is the name that the description gives the security scheme.
	Named string
}

// Credentials are those of the operation's first security requirement, nil where
// everybody is let in. Schemes that are not enforced are left out.
func (op *Operation) Credentials() []Credential {
	s := op.compiled().security
	if s == nil || s.open() {
		return nil
	}
	return s.alternatives[0].credentials()
}

// CredentialsOf are those of each alternative of the operation's security requirements,
// in their order; an alternative that lets everybody in has none.
func (op *Operation) CredentialsOf() [][]Credential {
	s := op.compiled().security
	if s == nil {
		return nil
	}
	list := make([][]Credential, len(s.alternatives))
	for i := range s.alternatives {
		list[i] = s.alternatives[i].credentials()
	}
	return list
}

func (a *alternative) credentials() []Credential {
	var list []Credential
	for _, scheme := range a.schemes {
		word, _, _ := strings.Cut(scheme.challenge, " ")
		switch {
		case scheme.key != "":
			list = append(list, Credential{In: scheme.in, Name: scheme.key, Named: scheme.name})
		case word == "Mutual":
			list = append(list, Credential{Named: scheme.name})
		case word != "":
			list = append(list, Credential{In: exchange.Header, Name: "Authorization", Scheme: strings.ToLower(word), Named: scheme.name})
		}
	}
	return list
}
