// Package law holds the rules of open government as dated data and pure
// functions: the calendar of working days, time limits, fees and the lists
// that statutes fix. It reads no clock, no file and no database.
//
// Every result names its basis. What could not be compared with the text of
// the law carries a Confirmation that says so, and where the text itself is
// doubtful the choice is configuration with a documented default.
//
// All values of this package are immutable once made and safe for concurrent
// use; slices that it returns belong to the caller.
package law
