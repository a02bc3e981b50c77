package scenario

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// bodyFile reads a file that holds a body. It is looked for beside the scenario
// file and must not lead out of that folder, also not through a symbolic link.
func (c *compiler) bodyFile(n *source.Node) ([]byte, bool) {
	if hasExpressions(n.Text) {
		c.fault(CodeMisplacedExpression, n.At(), "an expression cannot stand in the name of a file", "files are read when the scenario is loaded")
		return nil, false
	}
	if c.file.folder == nil {
		c.fault(CodeFileOutside, n.At(), "a scenario that stands in no folder cannot name files", "write the body itself, with body or text")
		return nil, false
	}
	folder := path.Dir(c.file.path)
	root, err := c.file.folder.root.OpenRoot(folder)
	if err != nil {
		c.fault(CodeMissingFile, n.At(), "cannot read the folder of the scenario file: "+reason(err), "")
		return nil, false
	}
	defer root.Close()
	name := filepath.FromSlash(n.Text)
	if !filepath.IsLocal(name) {
		c.fault(CodeFileOutside, n.At(), fmt.Sprintf("%q is outside of the folder of the scenario file", n.Text), "put the file beside the scenario file, or into a folder there")
		return nil, false
	}
	data, err := readFile(root, name)
	switch {
	case leadsOutside(err):
		c.fault(CodeFileOutside, n.At(), fmt.Sprintf("%q leads outside of the folder of the scenario file", n.Text), "put the file itself beside the scenario file")
	case errors.Is(err, errTooLarge):
		c.fault(CodeFileTooLarge, n.At(), fmt.Sprintf("%q is larger than %d MiB", n.Text, MaxFileSize>>20), "")
	case err != nil:
		c.fault(CodeMissingFile, n.At(), fmt.Sprintf("cannot read %q: %s", n.Text, reason(err)), "the name is relative to the folder of the scenario file")
	}
	if err != nil {
		return nil, false
	}
	c.loader.set.Files = append(c.loader.set.Files, filepath.FromSlash(c.file.folder.shown(path.Join(folder, n.Text))))
	return data, true
}
