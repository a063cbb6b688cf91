package desk

import "strconv"

// num is a number as forms send it.
func num(n int64) string { return strconv.FormatInt(n, 10) }
