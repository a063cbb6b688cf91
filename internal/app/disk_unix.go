//go:build linux || darwin

package app

import "syscall"

// freeBytes is the room that is left where a folder is; -1 where that cannot be
// told.
func freeBytes(folder string) int64 {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return -1
	}
	return int64(s.Bavail) * int64(s.Bsize)
}
