package author

import (
	"crypto/sha256"
	"fmt"
	"hash"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Print is the same for scenarios of which Write makes the same files, for the same
// contracts and options.
func (s *Scenario) Print() [sha256.Size]byte {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q %t %q", s.Name, s.Description, s.Tags, s.Default, s.Comment)
	printNode(h, s.State)
	for i := range s.Stubs {
		st := &s.Stubs[i]
		fmt.Fprintf(h, "\nstub %p %q %t %t %q", st.Operation, st.Name, st.AnyValidity, st.derived, st.Comment)
		printNode(h, st.When)
		printNodes(h, st.More)
		for j := range st.Answers {
			a := &st.Answers[j]
			fmt.Fprintf(h, "\nanswer %d %q %t %q %q %q %d %d ", a.Status, a.Header, a.ContractBody, a.Unknown, a.Fault, a.OffContract, a.Times, len(a.Body))
			h.Write(a.Body)
			printNodes(h, a.More)
		}
	}
	return [sha256.Size]byte(h.Sum(nil))
}

func printNodes(h hash.Hash, list []source.Node) {
	fmt.Fprintf(h, " %d", len(list))
	for i := range list {
		fmt.Fprintf(h, " %q", list[i].Key)
		printNode(h, &list[i])
	}
}

func printNode(h hash.Hash, n *source.Node) {
	if n == nil {
		fmt.Fprint(h, " none")
		return
	}
	text := n.AppendJSON(nil)
	fmt.Fprintf(h, " %d ", len(text))
	h.Write(text)
}
