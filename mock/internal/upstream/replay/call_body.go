package replay

import (
	"fmt"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/sample"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// callBody writes the data of a call in the media type that it states, else in that which
// the contract documents for the operation, nil for none: JSON where it is among them, the
// first one otherwise. A scalar that is not JSON is the body as it stands.
func callBody(op *contract.Operation, stated string, data *source.Node) (body []byte, contentType string, err error) {
	var described []contract.RequestMedia
	if op != nil {
		described = op.RequestBody()
	}
	types := make([]contract.MediaType, len(described))
	for i := range described {
		types[i] = described[i].Type
	}
	t, ok := contract.ParseMediaType(stated)
	if stated == "" || !ok {
		t = contract.MediaType{Type: "application", Subtype: "json"}
		if contract.MostExact(types, t.String()) < 0 && len(types) > 0 {
			t = types[0].Nearest()
		}
	}
	if contentType = stated; stated == "" || t.Syntax() == contract.Multipart {
		t = t.Nearest() // which has a boundary
		contentType = t.String()
	}
	i := contract.MostExact(types, t.String())
	switch {
	case !t.IsJSON() && !data.Is(source.Array) && !data.Is(source.Object):
		return []byte(data.Scalar()), contentType, nil
	case i < 0: // the contract says nothing of it
		if body, err = contract.EncodeValue(t, data); err != nil {
			body = data.AppendJSON(nil)
		}
		return body, contentType, nil
	}
	if body, err = described[i].EncodeValue(t, data, sample.PartHeader(sample.Options{})); err != nil {
		return nil, "", fmt.Errorf("its body cannot be written as %s: %w", described[i].Name, err)
	}
	return append([]byte{}, body...), contentType, nil // not nil, which stands for no body
}
