// Command serve runs the provider by itself, for a look at it with other tools:
//
//	go run ./testdata/provider/serve -fault getOrder=wrong-type
package main

import (
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/understudy-mock/understudy/testdata/provider"
)

func main() {
	p := provider.New()
	listen := flag.String("listen", "127.0.0.1:0", "`HOST:PORT`")
	flag.DurationVar(&p.Slow, "slow", time.Second, "how long the fault slow takes")
	flag.Func("fault", "`OPERATION=FAULT`, repeatable", func(text string) error {
		operation, fault, ok := strings.Cut(text, "=")
		if !ok {
			return errors.New("write OPERATION=FAULT")
		}
		return p.Switch(operation, provider.Fault(fault))
	})
	flag.Parse()
	l, err := net.Listen("tcp", *listen)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("listening on http://%s%s, key %s\n", l.Addr(), provider.Base, provider.Key)
	fmt.Fprintln(os.Stderr, (&http.Server{Handler: p, ReadHeaderTimeout: 10 * time.Second}).Serve(l))
	os.Exit(1)
}
