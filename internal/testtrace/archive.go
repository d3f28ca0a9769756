package testtrace

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	gobuild "go/build"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/poollint/poollint/internal/cache"
)

// A build is what is known of package testing where a test binary is linked.
type build struct {
	linker   []string // the linker and its arguments
	config   []byte   // its importcfg
	original string   // the archive of package testing
	dir      string   // for files of the run
}

// errOther says that package testing is not built in the one way that is known here.
var errOther = errors.New("package testing is compiled with flags of its own (such as -gcflags or -coverpkg), or by a release of Go that is not known")

// archive returns the file of an archive that says what tests do. It is kept for later runs, and so is
// that there is none.
func (b build) archive() (string, error) {
	original, err := os.ReadFile(b.original)
	if err != nil {
		return "", err
	}
	key := b.key(original)
	file := archiveFile(b.dir, key)
	if info, err := os.Stat(file); err == nil {
		return usable(file, int(info.Size()))
	}
	kept := openCache()
	archive, ok := kept.get(key)
	if !ok {
		if archive, err = b.compileTraced(original); err != nil {
			return "", err
		}
		kept.put(key, archive)
	}
	if sum := sha256.Sum256(original); len(archive) > 0 && filepath.Base(b.original) == hex.EncodeToString(sum[:])+"-d" {
		kept.put(lastKey(), slices.Concat(key[:], []byte(b.original))) // a file of the go command's cache, whose name says what is in it
	}
	if err := unpack(archive, file); err != nil {
		return "", err
	}
	return usable(file, len(archive))
}

// unpack writes the file whole: others may be about to link with it.
func unpack(archive []byte, file string) error {
	temp, err := os.CreateTemp(filepath.Dir(file), "new-")
	if err != nil {
		return err
	}
	_, err = temp.Write(archive)
	return errors.Join(err, temp.Close(), os.Rename(temp.Name(), file))
}

// lastKey is what the cache has the last archive under: its key, and which file it stands for.
func lastKey() cache.Key {
	h := cache.NewHash("last traced archive")
	for _, s := range statements {
		h.Add(s.file, s.line, s.added)
	}
	return h.Key()
}

// knowLast notes for the script, before anything is linked, which archive an earlier run has used last.
func knowLast(dir string) error {
	kept := openCache()
	last, ok := kept.get(lastKey())
	if !ok || len(last) < len(cache.Key{}) {
		return nil
	}
	key := cache.Key(last[:len(cache.Key{})])
	archive, ok := kept.get(key)
	if !ok || len(archive) == 0 {
		return nil
	}
	file := archiveFile(dir, key)
	if err := unpack(archive, file); err != nil {
		return err
	}
	return know(dir, string(last[len(key):]), file)
}

// archiveFile is where a run has the archive of a key.
func archiveFile(dir string, key cache.Key) string {
	return filepath.Join(dir, "testing-"+key.String()+".a")
}

// usable returns the file, unless it is the empty one that stands for no archive.
func usable(file string, size int) (string, error) {
	if size == 0 {
		return "", errOther
	}
	return file, nil
}

// key tells archives apart by all that goes into them.
func (b build) key(original []byte) cache.Key {
	h := sha256.New()
	h.Write(original)
	for _, s := range statements {
		fmt.Fprintf(h, "%s\x00%s\x00%s\x00", s.file, s.line, s.added)
	}
	fmt.Fprintf(h, "%q", b.flags())
	return cache.Key(h.Sum(nil))
}

// flags returns the flags of the compiler that follow from those of the linker.
func (b build) flags() []string {
	var flags []string
	if slices.Contains(b.linker, "-race") {
		flags = append(flags, "-race")
	}
	if slices.Contains(b.linker, "-buildmode=pie") {
		flags = append(flags, "-shared")
	}
	return flags
}

// header is the text that an archive begins with.
var header = regexp.MustCompile(`\ngo object (\w+) (\w+) (go(\d+\.\d+)\S*) [^\n]*\nbuild id "([^"\n]+)"`)

// compileTraced compiles package testing twice, as it is and with the statements, and returns the second
// archive, or an empty one if it is not proved to fit.
func (b build) compileTraced(original []byte) ([]byte, error) {
	found := header.FindSubmatch(original[:min(len(original), 1024)])
	if found == nil {
		return nil, nil
	}
	dir, err := os.MkdirTemp(b.dir, "testing-")
	if err != nil {
		return nil, err
	}
	c := compilation{build: b, dir: dir, goos: string(found[1]), goarch: string(found[2]), version: string(found[3]), language: "go" + string(found[4]), id: string(found[5])}
	if again, err := c.compile(nil); err != nil || !bytes.Equal(again, original) {
		return nil, err
	}
	traced, err := c.compile(add)
	if err != nil || !bytes.Equal(fingerprint(traced), fingerprint(original)) {
		return nil, err
	}
	return traced, nil
}

// A compilation compiles package testing as the go command does.
type compilation struct {
	build
	dir                             string // for its files
	goos, goarch, version, language string
	id                              string // the build ID
}

// compile returns the archive of the package, whose files are changed first. An archive that
// cannot be made is nil.
func (c compilation) compile(change func(file string, source []byte) []byte) ([]byte, error) {
	toolDir := filepath.Dir(c.linker[0])
	source := filepath.Join(toolDir, "..", "..", "..", "src", "testing")
	context := gobuild.Default
	context.GOOS, context.GOARCH, context.BuildTags = c.goos, c.goarch, nil
	pkg, err := context.ImportDir(source, 0)
	if err != nil {
		return nil, nil // the toolchain has another layout
	}
	// With -trimpath the go command does not tell the linker where its root is.
	trim, place := []string{source + "=>testing"}, "testing/"
	if os.Getenv("GOROOT") != "" {
		trim, place = nil, "$GOROOT/src/testing/"
	}
	var files []string
	for _, name := range pkg.GoFiles {
		file := filepath.Join(source, name)
		if change != nil {
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			if text = change(name, text); text == nil {
				return nil, nil
			}
			file = filepath.Join(c.dir, name)
			if err := os.WriteFile(file, text, 0o600); err != nil {
				return nil, err
			}
			trim = append(trim, file+"=>"+place+name)
		}
		files = append(files, file)
	}
	imports := filepath.Join(c.dir, "importcfg")
	if err := os.WriteFile(imports, c.imports(), 0o600); err != nil {
		return nil, err
	}
	out := filepath.Join(c.dir, "out.a")
	args := []string{"-o", out, "-trimpath", strings.Join(append(trim, c.dir+"=>"), ";"), "-p", "testing", "-lang=" + c.language, "-std", "-complete",
		"-buildid", c.id, "-goversion", c.version, "-nolocalimports", "-importcfg", imports}
	args = slices.Concat(args, c.flags(), []string{"-pack"}, files)
	if exec.Command(filepath.Join(toolDir, "compile"), args...).Run() != nil {
		return nil, nil
	}
	return os.ReadFile(out)
}

// imports returns what the compiler is to import: what the linker links.
func (c compilation) imports() []byte {
	var lines bytes.Buffer
	for line := range bytes.Lines(c.config) {
		if bytes.HasPrefix(line, []byte(packageFile)) {
			lines.Write(line)
		}
	}
	return lines.Bytes()
}

// fingerprint returns the hash in an archive by which the linker compares it with what other
// packages were compiled against: of what it exports, and of where its symbols stand.
func fingerprint(archive []byte) []byte {
	const magic, size = "\x00go120ld", 8
	at := bytes.Index(archive, []byte(magic))
	if at < 0 || at+len(magic)+size > len(archive) {
		return nil
	}
	return archive[at+len(magic):][:size]
}

// kept are the archives of earlier runs; nil if nothing is kept.
type kept struct{ *cache.Cache }

func openCache() kept {
	dir, ok := cache.Dir()
	if !ok {
		return kept{}
	}
	opened, err := cache.Open(dir)
	if err != nil {
		return kept{}
	}
	return kept{opened}
}

func (k kept) get(key cache.Key) ([]byte, bool) {
	if k.Cache == nil {
		return nil, false
	}
	return k.Get(key)
}

func (k kept) put(key cache.Key, archive []byte) {
	if k.Cache != nil {
		_ = k.Put(key, archive) // the next run compiles again
	}
}
