package extract

import (
	"math"
	"regexp"
	"strings"
)

// edge is the share of a page's height at its head and foot where page numbers
// and running heads stand.
const edge = 0.12

// pageNumber is a line that holds nothing but the page's number.
var pageNumber = regexp.MustCompile(`^[\s　\-—–－―─·•~～_|]*(?:第?[\s　]*[0-9０-９]{1,4}[\s　]*页?|第[\s　]*[一二三四五六七八九十百]{1,5}[\s　]*页|[ivxIVX]{1,6})(?:[\s　]*[/／,，]?[\s　]*共?[\s　]*[0-9０-９]{1,4}[\s　]*页?)?[\s　\-—–－―─·•~～_|]*$`)

// dropFurniture takes page numbers and running heads out of the pages.
func dropFurniture(perPage [][]item, pages []leaf) {
	repeated := make(map[string][]place)
	for i, on := range perPage {
		for _, it := range on {
			if it.table == nil && atEdge(it.line, pages[i]) {
				key := runningKey(it.line.text)
				repeated[key] = append(repeated[key], place{i, it.line.base})
			}
		}
	}
	for i, on := range perPage {
		kept := on[:0]
		for _, it := range on {
			if it.table == nil && atEdge(it.line, pages[i]) &&
				(pageNumber.MatchString(it.line.text) || runs(repeated[runningKey(it.line.text)], it.line, len(pages))) {
				continue
			}
			kept = append(kept, it)
		}
		perPage[i] = kept
	}
}

func atEdge(l textLine, p leaf) bool {
	return l.base < p.Height*edge || l.base > p.Height*(1-edge)
}

type place struct {
	page int
	base float64
}

// runs tells whether a line stands in one place on most of at least three
// pages, or on every second of them.
func runs(at []place, l textLine, pages int) bool {
	if pages < 3 {
		return false
	}
	same := 0
	for _, p := range at {
		if math.Abs(p.base-l.base) < 6 {
			same++
		}
	}
	return same >= 3 && same*5 >= pages*2
}

// runningKey is a line without its numbers.
func runningKey(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case '0' <= r && r <= '9', '０' <= r && r <= '９':
			return '#'
		case isBlankRune(r):
			return -1
		}
		return r
	}, s)
}
