package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// sumsFile has the checksums of the archives, as sha256sum writes and checks them.
const sumsFile = "SHA256SUMS"

// besideBinary are the files of the repository that an archive has too.
var besideBinary = []string{"LICENSE", "README.md"}

// file is one of an archive, or an archive.
type file struct {
	name string
	mode fs.FileMode
	data []byte
}

// pack makes the archive of a target: for Windows a zip file, else a compressed tar file.
func (c clone) pack(t target, binary []byte) (file, error) {
	files := []file{{t.command(), 0o755, binary}}
	for _, name := range besideBinary {
		data, err := os.ReadFile(filepath.Join(c.folder, name))
		if err != nil {
			return file{}, err
		}
		files = append(files, file{name, 0o644, data})
	}
	name, write := t.name()+".tar.gz", writeTar
	if t.system == "windows" {
		name, write = t.name()+".zip", writeZip
	}
	var archive bytes.Buffer
	err := write(&archive, t.name(), files, c.committed)
	return file{name, 0o644, archive.Bytes()}, err
}

// sums is the text of sumsFile for archives.
func sums(files []file) string {
	var text strings.Builder
	for _, f := range files {
		fmt.Fprintf(&text, "%x  %s\n", sha256.Sum256(f.data), f.name)
	}
	return text.String()
}

// writeTar writes files in a folder. Nothing tells who has written it.
func writeTar(w io.Writer, folder string, files []file, at time.Time) error {
	compressed, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	archive := tar.NewWriter(compressed)
	for _, f := range files {
		header := &tar.Header{Name: folder + "/" + f.name, Mode: int64(f.mode), Size: int64(len(f.data)), ModTime: at, Format: tar.FormatUSTAR}
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
		if _, err := archive.Write(f.data); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return compressed.Close()
}

func writeZip(w io.Writer, folder string, files []file, at time.Time) error {
	archive := zip.NewWriter(w)
	for _, f := range files {
		header := &zip.FileHeader{Name: folder + "/" + f.name, Method: zip.Deflate, Modified: at}
		header.SetMode(f.mode)
		entry, err := archive.CreateHeader(header)
		if err != nil {
			return err
		}
		if _, err := entry.Write(f.data); err != nil {
			return err
		}
	}
	return archive.Close()
}
