package portal

import (
	"html/template"
	"net/url"
	"slices"
	"strconv"

	"gongkai/internal/obligation"
	"gongkai/internal/publication"
	"gongkai/internal/search"
	"gongkai/internal/web/ui"
)

// badge is a state told by word, shape and colour. The zero value shows
// nothing.
type badge struct {
	Class string
	Mark  string
	Word  string
}

var validityBadges = map[search.Validity]badge{
	search.InForce:  {"ok", "✓", "有效"},
	search.Amended:  {"warn", "±", "已修改"},
	search.NotYet:   {"warn", "◷", "尚未生效"},
	search.Expired:  {"soft", "–", "失效"},
	search.Repealed: {"late", "×", "废止"},
	search.Archived: archivedBadge,
}

var archivedBadge = badge{"soft", "▣", "已归档"}

// standingBadges are of records that lists should not take for current ones.
var standingBadges = map[publication.State]badge{
	publication.Archived:  archivedBadge,
	publication.Withdrawn: {"late", "×", "已撤下"},
	publication.Replaced:  {"late", "→", "已被代替"},
	publication.Moved:     {"late", "→", "已移至别处"},
}

var stateBadges = map[obligation.State]badge{
	obligation.NotApplicableState: {"na", "–", "不适用"},
	obligation.NilReport:          {"ni", "○", "零报告"},
	obligation.Fulfilled:          {"f", "✓", "已公开"},
	obligation.NotDue:             {"nd", "·", "未到期"},
	obligation.FulfilledLate:      {"fl", "✓", "逾期公开"},
	obligation.DueSoon:            {"ds", "△", "即将到期"},
	obligation.DisputedState:      {"dp", "?", "有异议"},
	obligation.Overdue:            {"ov", "!", "逾期未公开"},
}

// legend explains the states, best first.
func legend() []badge {
	list := make([]badge, 0, len(stateBadges))
	for _, s := range obligation.States() {
		list = append(list, stateBadges[s])
	}
	return list
}

// item is a publication in a list.
type item struct {
	Href     string
	Title    string
	Marked   template.HTML // the title with what was found; "" to print Title
	Number   string
	Unit     string
	Date     string
	Kind     string
	More     string // one more fact
	Validity badge
	Passages []template.HTML // safe by the contract of package search
	Beside   *ui.Link        // its interpretation
}

// items are records as a list shows them.
func (p *Portal) items(v *visit, list []publication.Record) []item {
	out := make([]item, len(list))
	for i := range list {
		out[i] = p.item(v, &list[i])
	}
	return out
}

func (p *Portal) item(v *visit, r *publication.Record) item {
	it := item{Href: v.shell.URL(publication.Path(r.ID)), Title: r.Title, Number: r.Number, Unit: r.Unit,
		Date: r.ListedOn.String(), Kind: p.kindLabel(r.Kind), Validity: validityBadges[r.Validity(v.today)]}
	if b, ok := standingBadges[r.State]; ok {
		it.Validity = b
	}
	return it
}

func (p *Portal) kindLabel(code string) string {
	if k, ok := p.Publications.Kinds.Get(code); ok {
		return k.Label
	}
	return code
}

// measure is a number that was promised and how much of it is done.
type measure struct {
	Label   string
	Href    string
	Text    string // 318 / 348 个
	Percent int    // 0 to 100; shown as a bar where Known
	Known   bool
	Late    bool
}

// tally is a number of duties by state.
type tally struct {
	Total int
	Parts []tallyPart
}

type tallyPart struct {
	State badge
	Count int
	Href  string
}

// tallyOf counts by state, worst first; href makes the address of a state's
// duties and may be nil.
func tallyOf(c obligation.Counts, href func(obligation.State) string) tally {
	t := tally{Total: c.Total()}
	states := obligation.States()
	slices.Reverse(states)
	for _, s := range states {
		if n := c.Of(s); n > 0 {
			part := tallyPart{State: stateBadges[s], Count: n}
			if href != nil {
				part.Href = href(s)
			}
			t.Parts = append(t.Parts, part)
		}
	}
	return t
}

// empty says why a list is empty and what to do.
type empty struct {
	Why   string
	Way   string
	Links []ui.Link // with addresses that are complete
}

// option is an entry of a select.
type option struct {
	Value, Label string
	On           bool
}

// pager is the row of links under a list.
type pager struct{ Links []pageLink }

type pageLink struct {
	Label   string
	Href    string
	Rel     string
	Current bool
	Gap     bool
}

// pages makes the links of a list in numbered pages: the first, the last and
// those around the present one.
func pages(total, size, page int, href func(page int) string) pager {
	last := min((total+size-1)/size, search.MaxDepth/size)
	if last <= 1 {
		return pager{}
	}
	var links []pageLink
	if page > 1 {
		links = append(links, pageLink{Label: "上一页", Href: href(page - 1), Rel: "prev"})
	}
	before := 0
	for n := 1; n <= last; n++ {
		if n != 1 && n != last && (n < page-2 || n > page+2) {
			continue
		}
		if n > before+1 {
			links = append(links, pageLink{Gap: true})
		}
		links = append(links, pageLink{Label: strconv.Itoa(n), Href: href(n), Current: n == page})
		before = n
	}
	if page < last {
		links = append(links, pageLink{Label: "下一页", Href: href(page + 1), Rel: "next"})
	}
	return pager{links}
}

// pageNumber reads a page number; what is no number is page 1.
func pageNumber(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 {
		return 1
	}
	return min(n, search.MaxDepth)
}

// onward makes the links of a list that is read on from a cursor.
func onward(first, next string) pager {
	var links []pageLink
	if first != "" {
		links = append(links, pageLink{Label: "回第一页", Href: first})
	}
	if next != "" {
		links = append(links, pageLink{Label: "下一页", Href: next, Rel: "next"})
	}
	return pager{links}
}

// address is a page with its query, from which others are made by changing
// single parameters.
type address struct {
	path   string
	values url.Values
}

// with is the address with one parameter set to a value; "" removes it. Going
// on to another page is always forgotten.
func (a address) with(name, value string) string {
	values := url.Values{}
	for k, v := range a.values {
		if k != "page" && k != "after" && k != name {
			values[k] = v
		}
	}
	if value != "" {
		values.Set(name, value)
	}
	if len(values) == 0 {
		return a.path
	}
	return a.path + "?" + values.Encode()
}

// page is the address with a page number.
func (a address) page(n int) string {
	if n <= 1 {
		return a.with("page", "")
	}
	return a.with("page", strconv.Itoa(n))
}
