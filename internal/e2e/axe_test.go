package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// axeFile is the checker that npm ci puts there.
var axeFile = filepath.Join("node_modules", "axe-core", "axe.min.js")

// What axe checks: every rule that is not experimental, and target-size of
// WCAG 2.2, which must be asked for; or those that a change of colours and
// sizes can break.
const (
	axeAll   = `rules: {"target-size": {enabled: true}}`
	axeLooks = `runOnly: {type: "rule", values: ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]}`
)

const axeRun = `axe.run(document, {resultTypes: ["violations"], %s}).then(r => r.violations.map(v => ({
  rule: v.id, help: v.help, count: v.nodes.length,
  nodes: v.nodes.slice(0, 4).map(n => n.target.join(" ") + "  " + n.html.slice(0, 160) + "  " + (n.any.concat(n.all)[0] || {message: ""}).message)
})))`

type axeViolation struct {
	Rule, Help string
	Count      int
	Nodes      []string
}

func (v axeViolation) String() string {
	return fmt.Sprintf("%s (%s), %d times:\n    %s", v.Rule, v.Help, v.Count, strings.Join(v.Nodes, "\n    "))
}

// checkAxe fails for each violation on the page of what is checked.
func (b *tab) checkAxe(axe, what string) {
	b.Helper()
	b.do(chromedp.Evaluate[chromedp.Void](axe))
	for _, v := range eval[[]axeViolation](b, fmt.Sprintf(axeRun, what)) {
		b.Errorf("%s: %v", b.path(), v)
	}
}

func needAxe(t *testing.T) string {
	t.Helper()
	needBrowser(t)
	source, err := os.ReadFile(axeFile)
	if os.IsNotExist(err) && os.Getenv("CI") != "true" {
		t.Skipf("%s is missing; run through scripts/with-browser", axeFile)
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

// TestAxe finds no barrier on any type of page, narrow or wide.
func TestAxe(t *testing.T) {
	axe := needAxe(t)
	for _, width := range []int{390, 1280} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			b := newTab(t, width)
			b.show(plain)
			eachVisit(t, b, all, func(b *tab, _ visit, _ string) { b.checkAxe(axe, axeAll) })
		})
	}
}

// TestAxeLooks finds none in the other looks.
func TestAxeLooks(t *testing.T) {
	axe := needAxe(t)
	for _, l := range looks {
		t.Run(l.name, func(t *testing.T) {
			b := newTab(t, 390)
			b.show(l)
			eachVisit(t, b, varied, func(b *tab, _ visit, _ string) { b.checkAxe(axe, axeLooks) })
		})
	}
}
