package publication

import (
	"strconv"
	"strings"
	"testing"

	"gongkai/internal/document"
)

func TestAddressFiles(t *testing.T) {
	picture := "files/" + strings.Repeat("ab", 32) + ".png"
	sheet := "files/" + strings.Repeat("cd", 32) + ".xlsx"
	list := []Attachment{{Name: "网站", URL: "https://example.org/"}, {Name: "图.png", Path: picture}, {Name: "表.xlsx", Path: sheet}}
	at := func(i int) string { return "/d/7/files/" + strconv.Itoa(i+1) + "?a=1&b" }
	for _, c := range []struct{ body, want string }{
		{`<p>见图<img src="` + picture + `" alt="优良天数"></p>`, `src="/d/7/files/2?a=1&amp;b"`},
		{`<p><a href="` + sheet + `">明细表</a></p>`, `href="/d/7/files/3?a=1&amp;b"`},
		{`<p><img src="files/` + strings.Repeat("ee", 32) + `.png" alt="不在附件里"></p>`, `src="files/eeee`},
		{`<p><a href="https://example.org/files/x">别处</a></p>`, `href="https://example.org/files/x"`},
	} {
		body, err := document.Parse(c.body, document.HTML)
		if err != nil {
			t.Fatal(err)
		}
		if got := AddressFiles(body.HTML(), list, at); !strings.Contains(got, c.want) {
			t.Errorf("%s: got %s, want %s in it", c.body, got, c.want)
		}
	}
}
