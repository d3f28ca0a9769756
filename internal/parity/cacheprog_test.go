package parity

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// cacheDir names the environment variable that turns the test binary into a
// GOCACHEPROG which keeps the build cache in the directory named by its value,
// as a remote cache would.
const cacheDir = "POOLLINT_TEST_CACHE"

type cacheRequest struct {
	ID                 int64
	Command            string
	ActionID, OutputID []byte
	BodySize           int64
}

type cacheResponse struct {
	ID            int64
	Err           string   `json:",omitempty"`
	KnownCommands []string `json:",omitempty"`
	Miss          bool     `json:",omitempty"`
	OutputID      []byte   `json:",omitempty"`
	Size          int64    `json:",omitempty"`
	DiskPath      string   `json:",omitempty"`
}

// serveCache answers the go command's requests until it says close.
func serveCache(dir string, in io.Reader, out io.Writer) {
	requests, answers := json.NewDecoder(in), json.NewEncoder(out)
	answers.Encode(cacheResponse{KnownCommands: []string{"get", "put", "close"}})
	for {
		var request cacheRequest
		if err := requests.Decode(&request); err != nil {
			return
		}
		answer := cacheResponse{}
		var err error
		switch request.Command {
		case "get":
			answer, err = cacheGet(dir, request)
		case "put":
			var body string
			if request.BodySize > 0 {
				err = requests.Decode(&body)
			}
			if err == nil {
				answer, err = cachePut(dir, request, body)
			}
		}
		if err != nil {
			answer.Err = err.Error()
		}
		answer.ID = request.ID
		answers.Encode(answer)
		if request.Command == "close" {
			return
		}
	}
}

func cacheGet(dir string, request cacheRequest) (cacheResponse, error) {
	entry, err := os.ReadFile(filepath.Join(dir, "action-"+hex.EncodeToString(request.ActionID)))
	if err != nil {
		return cacheGetLocal(os.Getenv("GOCACHE"), request.ActionID), nil
	}
	var answer cacheResponse
	if err := json.Unmarshal(entry, &answer); err != nil {
		return cacheResponse{}, err
	}
	return answer, nil
}

// cacheGetLocal answers from the go command's own cache, which has the standard library compiled.
// What it cannot read there is compiled again.
func cacheGetLocal(dir string, action []byte) cacheResponse {
	file := func(id []byte, kind string) string {
		return filepath.Join(dir, hex.EncodeToString(id[:1]), hex.EncodeToString(id)+kind)
	}
	entry, err := os.ReadFile(file(action, "-a"))
	fields := strings.Fields(string(entry))
	if err != nil || len(fields) != 5 || fields[0] != "v1" { // version, action, output, size, time
		return cacheResponse{Miss: true}
	}
	output, err := hex.DecodeString(fields[2])
	if err != nil || len(output) == 0 {
		return cacheResponse{Miss: true}
	}
	info, err := os.Stat(file(output, "-d"))
	if err != nil || fmt.Sprint(info.Size()) != fields[3] {
		return cacheResponse{Miss: true}
	}
	return cacheResponse{OutputID: output, Size: info.Size(), DiskPath: file(output, "-d")}
}

func cachePut(dir string, request cacheRequest, body string) (cacheResponse, error) {
	data, err := base64.StdEncoding.DecodeString(body)
	if err != nil {
		return cacheResponse{}, err
	}
	if int64(len(data)) != request.BodySize {
		return cacheResponse{}, fmt.Errorf("%d bytes announced, %d sent", request.BodySize, len(data))
	}
	file := filepath.Join(dir, "output-"+hex.EncodeToString(request.OutputID))
	if err := write(file, data); err != nil {
		return cacheResponse{}, err
	}
	answer := cacheResponse{OutputID: request.OutputID, Size: request.BodySize, DiskPath: file}
	entry, err := json.Marshal(answer)
	if err != nil {
		return cacheResponse{}, err
	}
	return answer, write(filepath.Join(dir, "action-"+hex.EncodeToString(request.ActionID)), entry)
}

// write replaces a file whole, for readers beside it.
func write(file string, data []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(file), "temp-")
	if err != nil {
		return err
	}
	if _, err := temp.Write(data); err != nil {
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), file)
}
