// Package e2e visits the whole program in a real browser and over HTTP: every
// type of page at every width, the journeys of the people it is made for, and
// what a reader without scripts, mouse or good eyes meets. It holds tests only.
//
// The tests serve the demo city, once for all of them, or look at a running
// server (-site). The browser is the one that GONGKAI_TEST_BROWSER names; it
// cannot reach any other host, and whatever a page asks of one is a failure.
//
//	scripts/with-browser go test ./internal/e2e
//	scripts/with-browser go test ./internal/e2e -run Pictures -shots /tmp/shots
package e2e
