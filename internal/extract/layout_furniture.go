package extract

import (
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
	repeated := make(map[place]int)
	for i, on := range perPage {
		for _, it := range on {
			if it.table == nil && atEdge(it.line, pages[i]) {
				repeated[placeOf(it.line)]++
			}
		}
	}
	for i, on := range perPage {
		kept := on[:0]
		for _, it := range on {
			if it.table == nil && atEdge(it.line, pages[i]) &&
				(pageNumber.MatchString(it.line.text) || runs(repeated, it.line, len(pages))) {
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

// place is what a line says without its numbers, and the band of the page
// where it stands.
type place struct {
	text string
	band int
}

// bandHeight is how high a band is, in points.
const bandHeight = 6

func placeOf(l textLine) place {
	return place{runningKey(l.text), int(l.base / bandHeight)}
}

// runs tells whether a line stands in one place on at least three pages and on
// two of five.
func runs(repeated map[place]int, l textLine, pages int) bool {
	p, same := placeOf(l), 0
	for band := p.band - 1; band <= p.band+1; band++ {
		same += repeated[place{p.text, band}]
	}
	return pages >= 3 && same >= 3 && same*5 >= pages*2
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
