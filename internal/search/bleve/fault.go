package bleve

import (
	"errors"
	"os"
	"slices"
	"syscall"

	"gongkai/internal/fault"
)

func closedFault() *fault.Error {
	return fault.New(fault.Unavailable, "search_closed", "检索已关闭，程序正在停止；请稍后再试。")
}

func lockedFault(path string) *fault.Error {
	return fault.New(fault.Unavailable, "search_locked",
		"检索索引正被另一个程序使用。请先停止那个程序，或者通过它来检索。").At("%s", path)
}

func corruptFault(path string, cause error) *fault.Error {
	return fault.New(fault.Unavailable, "search_corrupt",
		"检索索引已损坏或不完整，数据本身没有受影响。请运行 gongkai reindex 重建索引。").At("%s", path).Because(cause)
}

func folderFault(path string, cause error) *fault.Error {
	return fault.New(fault.Unavailable, "search_folder",
		"不能读写检索索引所在的文件夹。请检查它的权限和磁盘剩余空间。").At("%s", path).Because(cause)
}

// storageFault turns what the disk refuses into a fault; other errors pass.
func storageFault(path string, err error) error {
	if refused(err) {
		return folderFault(path, err)
	}
	return err
}

// refused tells whether err says that the disk takes nothing, or nothing more.
func refused(err error) bool {
	return slices.ContainsFunc([]error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG, syscall.EROFS, os.ErrPermission},
		func(reason error) bool { return errors.Is(err, reason) })
}
