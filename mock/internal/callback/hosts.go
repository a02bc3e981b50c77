package callback

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/understudy-mock/understudy/mock/internal/source"
)

// Hosts are where calls may go. The zero value admits nothing.
//
// A call goes where its URL says only if the host of the URL was given, by name or as
// an address. What a name resolves to is looked at again when the connection is made,
// because names can be made to resolve to anything: a public address is taken, and any
// other only where
//
//   - the address itself was given, alone or with its network (10.1.2.3, 10.0.0.0/8),
//   - it is of this machine, and the name is localhost,
//   - it is of a private network, and the name has no dot: containers and machines
//     beside this one have such names, and nobody can register them.
type Hosts struct{ entries []entry }

// entry is one host that was given.
type entry struct {
	// name is in lower case, "" where addresses were given.
	name      string
	addresses netip.Prefix
	// port is 0 for any.
	port uint16
}

// ParseHosts reads hosts as --callback-host gives them: a name, an address, or a
// network, the first two with or without a port.
func ParseHosts(texts []string) (Hosts, error) {
	var h Hosts
	for _, text := range texts {
		e, err := parseEntry(text)
		if err != nil {
			return Hosts{}, fmt.Errorf("%q is no host: %w", text, err)
		}
		h.entries = append(h.entries, e)
	}
	return h, nil
}

var errHost = errors.New("write a name or an address, with or without a port, such as hooks.example.com or 127.0.0.1:9000")

func parseEntry(text string) (e entry, err error) {
	if e.addresses, err = netip.ParsePrefix(text); err == nil {
		e.addresses = e.addresses.Masked()
		return e, nil
	}
	host := text
	if name, port, err := net.SplitHostPort(text); err == nil {
		number, err := strconv.ParseUint(port, 10, 16)
		if err != nil || number == 0 {
			return e, errHost
		}
		host, e.port = name, uint16(number)
	} else {
		host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	}
	if address, err := netip.ParseAddr(host); err == nil {
		address = address.Unmap().WithZone("")
		e.addresses = netip.PrefixFrom(address, address.BitLen())
		return e, nil
	}
	e.name = canonical(host)
	if e.name == "" || strings.ContainsFunc(e.name, func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789-._", r) }) {
		return e, errHost
	}
	return e, nil
}

// canonical is a host's name as names are compared.
func canonical(name string) string { return strings.TrimSuffix(strings.ToLower(name), ".") }

// Empty tells whether no host was given, so that nothing is ever sent.
func (h Hosts) Empty() bool { return len(h.entries) == 0 }

// Admits gives an error where nothing may be sent to a URL; it says why, for people.
func (h Hosts) Admits(u *url.URL) error {
	port, ok := portOf(u)
	switch {
	case u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || !ok:
		return fmt.Errorf("%q is no absolute http or https URL", shown(u))
	case u.User != nil:
		return errors.New("the URL has a user name or a password in it")
	}
	name := canonical(u.Hostname())
	address, err := netip.ParseAddr(name)
	for _, e := range h.entries {
		same := e.name != "" && e.name == name || err == nil && e.holds(address)
		if same && (e.port == 0 || e.port == port) {
			return nil
		}
	}
	return fmt.Errorf("the host %s is not given: start with --callback-host %s", u.Host, u.Host)
}

// maxShown bounds a URL in a message, in bytes.
const maxShown = 200

func shown(u *url.URL) string {
	return source.Cut(u.Redacted(), maxShown)
}

func portOf(u *url.URL) (port uint16, ok bool) {
	switch text := u.Port(); {
	case text != "":
		number, err := strconv.ParseUint(text, 10, 16)
		return uint16(number), err == nil && number > 0
	case u.Scheme == "https":
		return 443, true
	}
	return 80, true
}

func (e *entry) holds(address netip.Addr) bool {
	return e.addresses.IsValid() && e.addresses.Contains(address.Unmap().WithZone(""))
}

// admitsAddress gives an error where a host that Admits has let pass resolves to an
// address to which nothing may be sent.
func (h Hosts) admitsAddress(name string, to netip.AddrPort) error {
	address := to.Addr().Unmap().WithZone("")
	for _, e := range h.entries {
		if e.holds(address) && (e.port == 0 || e.port == to.Port()) {
			return nil
		}
	}
	name = canonical(name)
	switch {
	case public(address):
		return nil
	case address.IsLoopback() && name == "localhost":
		return nil
	case address.IsPrivate() && !strings.Contains(name, "."):
		return nil
	}
	return fmt.Errorf("%s resolves to %s, which is no public address: give the address itself with --callback-host %s", name, address, address)
}

// special are the networks that are not public beside those that netip knows (the
// IANA registries of special-purpose addresses, RFC 6890). Those of IPv6 that stand
// for addresses of IPv4 are among them, because a gateway would lead to any of these.
var special = prefixes(
	"0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10",
)

func prefixes(texts ...string) []netip.Prefix {
	list := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		list[i] = netip.MustParsePrefix(text)
	}
	return list
}

// public tells whether an address can be reached by everybody.
func public(a netip.Addr) bool {
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range special {
		if p.Contains(a) {
			return false
		}
	}
	return true
}
