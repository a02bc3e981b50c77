package main

import (
	"fmt"
	"os/exec"
	"runtime"
)

// openConsole shows the console in a browser. A machine that has none serves all the same.
func (e environment) openConsole(url string) {
	if err := e.open(url); err != nil {
		fmt.Fprintf(e.stderr, "the console cannot be opened: %v; it is at %s\n", err, url)
	}
}

// openInBrowser starts the system's command that opens a URL as its user has set it up.
func openInBrowser(url string) error {
	words := openCommand(runtime.GOOS, url)
	cmd := exec.Command(words[0], words[1:]...)
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }() // it may last as long as the browser
	return nil
}

// openCommand is the command of a system, by its name in Go, that opens a URL.
func openCommand(system, url string) []string {
	switch system {
	case "darwin":
		return []string{"open", url}
	case "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler", url}
	}
	return []string{"xdg-open", url} // freedesktop.org
}
