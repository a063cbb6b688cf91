// Package publication holds what a city has disclosed: records, each of a
// kind, with versions that never change and relations to other records.
//
// A record is one publication from its first appearance on; what it is now is
// its newest version. A version is the interchange line itself, with its
// SHA-256, so that what was exported can be checked against what is shown.
// Relations say what a record does to others (interprets, amends, repeals);
// one whose target is not here yet waits for it. Validity is computed from
// dates and relations when it is read, for any day. Nothing is deleted:
// withdrawing leaves a readable stone with its reason.
//
// All changes go through Store.Put and Store.Withdraw, which write version,
// relations, flags, evidence and ledger entry in the caller's transaction.
package publication
