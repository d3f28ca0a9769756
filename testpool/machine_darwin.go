package testpool

import (
	"sync"
	"syscall"
)

// machine names what process ids are unique in: the boot of this machine. It is "" where that cannot be told.
var machine = sync.OnceValue(func() string {
	boot, err := syscall.Sysctl("kern.bootsessionuuid")
	if err != nil {
		return ""
	}
	return boot
})
