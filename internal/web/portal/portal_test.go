package portal

import (
	"strconv"
	"strings"
	"testing"
)

func TestPages(t *testing.T) {
	c := newCity(t)
	fgw := "/units/" + strconv.FormatInt(c.unitID(t, "市发改委"), 10)
	tests := []struct {
		target string
		status int
		want   []string
	}{
		{"/", 200, []string{"想了解什么，直接问", "2021年民生实事", "改造城镇老旧小区", "316 / 348 个", "关于修改《永州市公共停车场管理办法》的决定", "图解：停车收费和开放时段变了什么", "项任务", "政策文件", "怎样申请"}},
		{"/zfxxgk/", 200, []string{"政府信息公开指南", "政府信息公开制度", "法定主动公开内容", "政府信息公开年报", `name="ColumnType" content="信息公开目录"`, "怎样申请"}},
		{"/zfxxgk/guide/?wanted=停车费", 200, []string{"永州市政府信息公开指南", "申请公开与“停车费”有关的政府信息"}},
		{"/zfxxgk/annual/", 200, []string{"2020年政府信息公开工作年度报告"}},
		{"/zfxxgk/statutory/20-1/", 200, []string{"永州市公共停车场管理办法", "下一页"}},
		{"/zfxxgk/policy/", 200, []string{"这个栏目现在没有内容"}},
		{"/wjk/", 200, []string{"文件库"}},
		{"/nowhere/at/all", 404, []string{"没有找到", "/nowhere/at/all", "网站地图"}},
		{"/d/999999", 404, []string{"没有找到"}},
		{"/d/x", 404, []string{"没有找到"}},
		{"/library", 200, []string{"现在有效吗", "永州市公共服务设施管理规定"}},
		{"/library?validity=repealed", 200, []string{"永州市停车管理暂行办法", "取消这个条件"}},
		{"/library?validity=expired", 200, []string{"没有符合这些条件的文件"}},
		{"/search?q=停车", 200, []string{"<mark>停车</mark>", "永州市公共停车场管理办法"}},
		{"/search?q=不存在的东西啊啊", 200, []string{"没有找到“不存在的东西啊啊”", "wanted="}},
		{"/search?unit=x", 400, []string{"不是编号"}},
		{"/search?from=2021-02-30", 400, []string{"不是存在的日期"}},
		{"/plans", 200, []string{"永州市2021年政务公开工作要点"}},
		{"/plans/999", 404, []string{"没有这份工作要点"}},
		{"/duties", 200, []string{"市发改委", "逾期未公开", "即将到期"}},
		{"/duties?status=overdue", 200, nil},
		{"/duties?status=nonsense", 400, []string{"没有“nonsense”这种状态"}},
		{"/duties?after=1", 400, []string{"翻页位置"}},
		{"/commitments", 200, []string{"2021年民生实事", "最近一次进展报告", "慢于序时"}},
		{"/matrix", 200, []string{"<th scope=\"row\"", "市发改委", "公开各类规划"}},
		{"/matrix?level=nonsense", 400, nil},
		{"/catalogue", 200, []string{"公开事项目录"}},
		{"/units", 200, []string{"永州市发展和改革委员会", "零陵"}},
		{fgw, 200, []string{"又称", "市发改委", "“十四五”公共服务规划", "牵头"}},
		{"/units/99999", 404, nil},
		{"/data", 200, []string{"/api/v1/search", "校验值", "newest.atom"}},
		{"/about", 200, []string{"我为政府网站找错", "网站标识码"}},
		{"/help", 200, []string{"键盘"}},
		{"/sitemap", 200, []string{"民生实事"}},
		{"/prefs", 200, []string{"显示设置"}},
		{"/feeds/newest.atom", 200, []string{"<feed", "公共停车场"}},
		{"/feeds/kind-policy.atom", 200, []string{"政策文件"}},
		{"/feeds/nothing.atom", 404, nil},
		{"/sitemap.xml", 200, []string{"/sitemaps/2019.xml", "/sitemaps/columns.xml"}},
		{"/sitemaps/2019.xml", 200, []string{"<loc>http://example.com/d/"}},
		{"/favicon.ico", 302, nil},
		{"/robots.txt", 200, []string{"Sitemap: http://example.com/sitemap.xml"}},
		{"/opensearch.xml", 200, []string{"{searchTerms}"}},
		{"/lingling/", 200, []string{"零陵区"}},
		{"/lingling/zfxxgk/", 200, []string{`href="/lingling/zfxxgk/guide/"`}},
		{"/lingling/library", 200, nil},
	}
	for _, tt := range tests {
		t.Run(tt.target, func(t *testing.T) {
			w := c.get(t, tt.target)
			if w.Code != tt.status {
				t.Fatalf("got %d, want %d: %s", w.Code, tt.status, w.Body)
			}
			for _, s := range tt.want {
				if !strings.Contains(w.Body.String(), s) {
					t.Errorf("page lacks %q", s)
				}
			}
		})
	}
}
