// Package document knows the form of Chinese official documents: how they are
// numbered (永政办发〔2021〕12号), dated (二〇二一年六月十一日) and divided
// (编、章、节、条、款、项、目, or 一、（一）1.), and how text is folded so that two ways
// of writing one thing compare equal.
//
// It is pure: no clock, no files, no state. Every function may be called from
// many goroutines, and every result is the same for the same input.
package document
