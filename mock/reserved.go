package mock

import (
	"fmt"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/admin"
	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
	"github.com/understudy-mock/understudy/mock/internal/source"
)

// adminPath is the path below which Understudy speaks for itself.
const adminPath = admin.Prefix

// reserved tells the paths that never belong to an API.
func reserved(path string) bool {
	return path == adminPath || strings.HasPrefix(path, adminPath+"/") || strings.HasPrefix(path, exchange.SessionPath)
}

// codeReservedPath is the code of the warning that a described path is never
// answered, because it is Understudy's own.
const codeReservedPath source.Code = "reserved-path"

// reservedPaths tells of operations that are never answered.
func reservedPaths(c *contract.Contract) source.Diagnostics {
	var found source.Diagnostics
	for _, op := range c.Operations {
		for _, base := range op.Bases() {
			if path := base + op.Template; reserved(path) {
				found = append(found, source.Diagnostic{
					Code: codeReservedPath, Severity: source.Warning, At: op.At(),
					Message: fmt.Sprintf("%s %s is never answered: paths below %s and %s are Understudy's own", op.Method, path, adminPath, exchange.SessionPath),
					Hint:    fmt.Sprintf("serve the API under another base path, as in %s=/api", c.Location),
				})
			}
		}
	}
	return found
}

// checkBase refuses a base path under which nothing would be answered.
func checkBase(base string) error {
	if path := "/" + strings.Trim(base, "/"); reserved(path) || reserved(path+"/") {
		return fmt.Errorf("nothing can be served under the base path %s: paths below %s and %s are Understudy's own", base, adminPath, exchange.SessionPath)
	}
	return nil
}
