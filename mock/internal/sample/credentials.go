package sample

import (
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/contract"
	"github.com/understudy-mock/understudy/mock/internal/exchange"
)

// Credentials gives the part of a request for the operation that lets it in: header,
// query and whether there must be a client certificate. All are empty where everybody
// is let in.
func Credentials(op *contract.Operation) *Call {
	c := &caller{Call: &Call{Method: op.Method, Header: http.Header{}}, op: op}
	c.credentials()
	c.join()
	return c.Call
}

// credentials adds what the operation's security wants to see. Nobody checks whether
// they are right.
func (c *caller) credentials() {
	for _, cred := range c.op.Credentials() {
		switch {
		case cred.In == "":
			c.ClientCertificate = true
		case cred.Scheme == "basic":
			c.Header.Set(cred.Name, "Basic "+base64.StdEncoding.EncodeToString([]byte("user:password")))
		case cred.Scheme != "":
			c.Header.Set(cred.Name, strings.ToUpper(cred.Scheme[:1])+cred.Scheme[1:]+" token")
		case cred.In == exchange.Header:
			c.Header.Set(cred.Name, "key")
		case cred.In == exchange.Query:
			c.query = append(c.query, queryName(cred.Name)+"=key")
		case cred.In == exchange.Cookie:
			c.cookies = append(c.cookies, cred.Name+"=key")
		}
	}
}

// Forget takes what a security scheme looks at out of the request.
func (c *Call) Forget(cred contract.Credential) {
	switch cred.In {
	case "":
		c.ClientCertificate = false
	case exchange.Header:
		c.Header.Del(cred.Name)
	case exchange.Query:
		c.RawQuery = withoutPair(c.RawQuery, "&", queryName(cred.Name))
	case exchange.Cookie:
		if rest := withoutPair(c.Header.Get("Cookie"), "; ", cred.Name); rest != "" {
			c.Header.Set("Cookie", rest)
		} else {
			c.Header.Del("Cookie")
		}
	}
}
