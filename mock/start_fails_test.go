//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package mock_test

import (
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"github.com/understudy-mock/understudy/internal/testenv"
	"github.com/understudy-mock/understudy/mock"
)

const folderInUse = "the folder is used by another mock"

// failedStarts break something that Start needs, and give what mends it.
var failedStarts = map[string]func(opts *mock.Options) (mend func() error, err error){
	"the certificate cannot be read": func(opts *mock.Options) (func() error, error) {
		away := opts.TLSCert + ".away"
		return func() error { return os.Rename(away, opts.TLSCert) }, os.Rename(opts.TLSCert, away)
	},
	"the address is taken": func(opts *mock.Options) (func() error, error) {
		return taken(opts.Listen)
	},
	"the control plane's address is taken": func(opts *mock.Options) (func() error, error) {
		return taken(opts.AdminListen)
	},
	folderInUse: func(opts *mock.Options) (func() error, error) {
		f, err := os.OpenFile(filepath.Join(opts.Data, "lock"), os.O_RDWR, 0)
		if err != nil {
			return nil, err
		}
		return f.Close, syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	},
}

// taken listens at an address until the result is called.
func taken(address string) (func() error, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	return l.Close, nil
}

// TestFailedStartsLeaveNothing fails each step of Start of a mock that was stopped: no
// goroutine runs then, the addresses and the folder are free. When that is mended, it starts.
func TestFailedStartsLeaveNothing(t *testing.T) { // not parallel: goroutines are counted
	redis := testenv.NewRedis(t)
	for name, breakIt := range failedStarts {
		for _, shared := range []string{"memory", redis.URL()} {
			t.Run(name+" "+shared[:5], func(t *testing.T) {
				if shared != "memory" && name == folderInUse {
					t.Skip("shared state has no folder")
				}
				before := goleak.IgnoreCurrent()
				dir := t.TempDir()
				opts := mock.Options{
					State: shared, Listen: "127.0.0.1:" + testenv.FreePort(t), AdminListen: "127.0.0.1:" + testenv.FreePort(t),
					TLSCert: filepath.Join(dir, "cert.pem"), TLSKey: filepath.Join(dir, "key.pem"),
				}
				if shared == "memory" {
					opts.Data = filepath.Join(dir, "data")
				}
				writePair(t, opts.TLSCert, opts.TLSKey)
				m := newMock(t, opts, nil)
				if err := m.Stop(t.Context()); err != nil {
					t.Fatal(err)
				}
				mend, err := breakIt(&opts)
				if err != nil {
					t.Fatal(err)
				}
				if err := m.Start(); err == nil {
					t.Fatal("it started")
				}
				if m.Addr() != nil || m.AdminURL() != "" {
					t.Error("it has an address")
				}
				if err := mend(); err != nil {
					t.Fatal(err)
				}
				if err := goleak.Find(before); err != nil {
					t.Error(err)
				}
				for _, address := range []string{opts.Listen, opts.AdminListen} {
					if free, err := taken(address); err != nil {
						t.Error(err)
					} else if err := free(); err != nil {
						t.Error(err)
					}
				}
				other := newMock(t, mock.Options{Data: opts.Data}, nil)
				if err := other.Stop(t.Context()); err != nil {
					t.Error(err)
				}
				if err := m.Start(); err != nil {
					t.Fatalf("when that is mended: %v", err)
				}
				if err := m.Stop(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
	}
}
