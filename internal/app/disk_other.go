//go:build !linux && !darwin

package app

// freeBytes cannot be told on this system.
func freeBytes(string) int64 { return -1 }
