package admin

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/engine"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/scenario"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// An answer that is forced on an operation is a scenario that was added, with one stub
// that answers all requests for the operation, also invalid ones, as Prefer: code does.
// It has no other life: it stands in the lists of scenarios, is proved against the
// contract, and is deactivated and removed like any other.

// forcedFolder begins the names of the scenarios that force answers.
const forcedFolder = "forced/"

// IsForced tells whether a scenario has such a name.
func IsForced(name string) bool { return strings.HasPrefix(name, forcedFolder) }

// answer is what an operation was made to answer.
type answer struct {
	Status    string `json:"status"`
	Example   string `json:"example,omitempty"`
	MediaType string `json:"mediaType,omitempty"`
	Scenario  string `json:"scenario"`
	// For is "session" where it was forced in the session, else "everybody".
	For   string     `json:"for"`
	By    string     `json:"by,omitempty"`
	Since *time.Time `json:"since,omitempty"`
	Until *time.Time `json:"until,omitempty"`
	// Below is the scenario that was activated later and has stubs for the operation,
	// "" for none.
	Below string `json:"below,omitempty"`
}

// forcedName is the name of the scenario that forces an answer on an operation. It is
// readable; where an id has characters that names cannot have, a hash keeps it apart.
func forcedName(id string) string {
	name := forcedFolder + id
	if !strings.Contains(id, "/") && scenario.CheckName(name) == nil {
		return name
	}
	plain := strings.FieldsFunc(id, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
	})
	short := strings.Join(plain, "-")
	sum := sha256.Sum256([]byte(id))
	return forcedFolder + short[:min(len(short), 100)] + "-" + hex.EncodeToString(sum[:4])
}

// forcedText writes the scenario. Strings in JSON are strings in YAML.
func forcedText(id string, a *answer) []byte {
	quote := func(text string) string {
		quoted, _ := json.Marshal(text)
		return string(quoted)
	}
	status := a.Status
	if _, err := strconv.Atoi(status); err != nil {
		status = quote(status)
	}
	respond, told := "{status: "+status, id+" answers "+a.Status
	if a.Example != "" {
		respond += ", example: " + quote(a.Example)
		told += ", example " + a.Example
	}
	if a.MediaType != "" {
		respond += ", mediaType: " + quote(a.MediaType)
		told += ", as " + a.MediaType
	}
	return fmt.Appendf(nil, "description: %s\ntags: [forced]\noperations:\n  %s:\n    - when: {valid: any}\n      respond: %s}\n", quote(told+"."), quote(id), respond)
}

// readForced reads what a scenario forces, nil for one that was not written here.
func readForced(sc *scenario.Scenario) *answer {
	root, found := source.Parse(sc.File, source.Options{})
	if found.Err() != nil {
		return nil
	}
	for _, stubs := range root.Get("operations").Members() {
		if !stubs.Is(source.Array) {
			return nil
		}
		for _, stub := range stubs.Items() {
			respond := stub.Get("respond")
			if !respond.Is(source.Object) {
				return nil
			}
			return &answer{Status: respond.Get("status").Scalar(), Example: respond.Get("example").Scalar(), MediaType: respond.Get("mediaType").Scalar(), Scenario: sc.Name}
		}
	}
	return nil
}

// layers are the active scenarios of a session, or of everybody, newest first.
type layers struct {
	snapshot *engine.Snapshot
	session  string
	list     []layer
}

type layer struct {
	Activation
	everybody bool
}

func (h *Handler) layers(c *call) (*layers, error) {
	l := &layers{snapshot: h.mock.Snapshot(), session: c.session()}
	scopes := []string{""}
	if l.session != "" {
		scopes = []string{l.session, ""}
	}
	for _, scope := range scopes {
		active, err := h.mock.Active(c.Context(), scope)
		if err != nil {
			return nil, err
		}
		for _, a := range active {
			l.list = append(l.list, layer{a, scope == ""})
		}
	}
	return l, nil
}

// answer tells what an operation was made to answer, nil for nothing.
func (l *layers) answer(op *contract.Operation, id string) *answer {
	name, below := forcedName(id), ""
	for _, active := range l.list {
		sc := l.snapshot.Find(l.session, active.Scenario)
		if sc == nil {
			continue
		}
		if active.Scenario != name {
			if len(sc.Stubs(op)) > 0 {
				below = cmp.Or(below, active.Scenario)
			}
			continue
		}
		a := readForced(sc)
		if a == nil {
			return nil
		}
		a.For, a.By, a.Since, a.Until, a.Below = "session", active.By, active.Since, active.Until, below
		if active.everybody {
			a.For = "everybody"
		}
		return a
	}
	return nil
}

// force makes the operation of the path answer what the body says, for everybody or in
// the session of the path.
func (h *Handler) force(c *call) (any, error) {
	var wanted struct {
		Status    any    `json:"status" also:"code"`
		Example   string `json:"example"`
		MediaType string `json:"mediaType" also:"contentType"`
	}
	if err := c.read(&wanted); err != nil {
		return nil, err
	}
	op, err := h.findOperation(c)
	if err != nil {
		return nil, err
	}
	a := &answer{Example: wanted.Example, MediaType: wanted.MediaType}
	switch status := wanted.Status.(type) {
	case string:
		a.Status = status
	case float64:
		a.Status = strconv.FormatFloat(status, 'f', -1, 64)
	default:
		return nil, invalid("Say under status what the operation is to answer: one of %s.", strings.Join(op.Statuses(), ", "))
	}
	if _, _, err := contract.ParseStatus(a.Status); err != nil {
		return nil, invalid("The field status cannot be used: %v.", err)
	}
	if _, _, ok := op.Respond(a.Status); !ok {
		return nil, invalid("The contract does not describe the status %q of %s: it describes %s. A stub with offContract may answer it.", a.Status, op.Name(), strings.Join(op.Statuses(), ", "))
	}
	id := operationID(h.mock.Snapshot().APIs, op)
	if _, err := h.mock.AddScenario(c.Context(), c.session(), forcedName(id), ".yaml", forcedText(id, a)); err != nil {
		return nil, err
	}
	layers, err := h.layers(c)
	if err != nil {
		return nil, err
	}
	if told := layers.answer(op, id); told != nil {
		return told, nil
	}
	a.Scenario, a.For = forcedName(id), "everybody" // somebody else has released it by now
	if c.session() != "" {
		a.For = "session"
	}
	return a, nil
}

// release takes back what the operation of the path was made to answer.
func (h *Handler) release(c *call) (any, error) {
	op, err := h.findOperation(c)
	if err != nil {
		return nil, err
	}
	name := forcedName(operationID(h.mock.Snapshot().APIs, op))
	if !h.mock.Added(c.session(), name) {
		return nil, &exchange.Problem{Code: exchange.ProblemAnswerUnknown, Status: http.StatusNotFound, Detail: fmt.Sprintf("%s was not made to answer anything here.", op.Name())}
	}
	if err := h.mock.RemoveScenario(c.Context(), c.session(), name); err != nil {
		return nil, err
	}
	return done, nil
}
