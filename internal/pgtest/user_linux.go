package pgtest

import (
	"errors"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// serverUser returns the user to run the server as: postgres refuses root.
// ok is false where the process is not root and runs it as itself.
func serverUser() (uid, gid int, ok bool) {
	if os.Getuid() != 0 {
		return 0, 0, false
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			uid, uidErr := strconv.Atoi(u.Uid)
			gid, gidErr := strconv.Atoi(u.Gid)
			if errors.Join(uidErr, gidErr) == nil {
				return uid, gid, true
			}
		}
	}
	return 65534, 65534, true
}

func giveToServerUser(dir string) error {
	if uid, gid, ok := serverUser(); ok {
		return os.Chown(dir, uid, gid)
	}
	return nil
}

// asServerUser also ends the server with the process that started it, however that dies.
func asServerUser() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT, Setpgid: true}
	if uid, gid, ok := serverUser(); ok {
		attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	return attr
}
