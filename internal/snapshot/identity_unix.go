//go:build linux || darwin

package snapshot

import (
	"io/fs"
	"syscall"
	"time"
)

// Of returns the identity of a file as it is; false if this system cannot tell.
func Of(info fs.FileInfo) (Identity, bool) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return Identity{}, false
	}
	changed := changeTime(stat)
	return Identity{
		Size:     info.Size(),
		Modified: info.ModTime().UnixNano(),
		Changed:  time.Unix(changed.Unix()).UnixNano(),
		Inode:    uint64(stat.Ino),
		Device:   uint64(stat.Dev),
	}, true
}
