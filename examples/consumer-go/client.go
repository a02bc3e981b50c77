// Package identification is a client of the Documents API, as an application might have
// one. Its tests show how such a client is tested with mocktest.
package identification

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
)

// What the API may answer in place of what was asked for.
var (
	// ErrUnauthorized is returned where the token is not, or not any more, accepted.
	ErrUnauthorized = errors.New("the token is not accepted")
	// ErrValidated is returned for an identification that was validated before.
	ErrValidated = errors.New("the identification is validated already")
	// ErrNotFound is returned for an identification that does not exist.
	ErrNotFound = errors.New("there is no such identification")
)

// attempts bounds how often a call is sent while the API answers 500.
const attempts = 3

// Client calls the API. Its fields must be set before the first call and stay as they
// are.
type Client struct {
	// Base is the API's base URL.
	Base string
	// HTTP sends the requests; nil means http.DefaultClient.
	HTTP *http.Client
	// Org is the organization's name.
	Org string
	// Token is sent as bearer token, "" for none.
	Token string
	// Installation and Fingerprint identify the browser and the device.
	Installation, Fingerprint string
}

// Identification is what the client knows of an identification.
type Identification struct {
	ID     string `json:"identification_id"`
	Status string `json:"status"`
}

// Get reads an identification.
func (c *Client) Get(ctx context.Context, id string) (*Identification, error) {
	res, err := c.send(ctx, http.MethodGet, id, "")
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	found := &Identification{}
	return found, json.NewDecoder(res.Body).Decode(found)
}

// Validate validates an identification.
func (c *Client) Validate(ctx context.Context, id string) error {
	res, err := c.send(ctx, http.MethodPost, id, "/validate")
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// send sends a request, again while the API fails, and turns refusals into errors.
func (c *Client) send(ctx context.Context, method, id, action string) (*http.Response, error) {
	path := fmt.Sprintf("/v1/orgs/%s/identifications/identity_document/%s%s", url.PathEscape(c.Org), url.PathEscape(id), action)
	for attempt := 1; ; attempt++ {
		req, err := http.NewRequestWithContext(ctx, method, c.Base+path, nil)
		if err != nil {
			return nil, err
		}
		req.Header.Set("X-Installation_id", c.Installation)
		req.Header.Set("X-Fingerprint", c.Fingerprint)
		if c.Token != "" {
			req.Header.Set("Authorization", "Bearer "+c.Token)
		}
		res, err := c.client().Do(req)
		if err != nil {
			return nil, err
		}
		if res.StatusCode < 300 {
			return res, nil
		}
		res.Body.Close()
		switch res.StatusCode {
		case http.StatusUnauthorized:
			return nil, ErrUnauthorized
		case http.StatusConflict:
			return nil, ErrValidated
		case http.StatusNotFound:
			return nil, ErrNotFound
		case http.StatusInternalServerError:
			if attempt < attempts {
				continue
			}
		}
		return nil, fmt.Errorf("%s %s: %s", method, path, res.Status)
	}
}

func (c *Client) client() *http.Client {
	if c.HTTP == nil {
		return http.DefaultClient
	}
	return c.HTTP
}
