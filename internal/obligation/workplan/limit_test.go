package workplan

import (
	"testing"

	"pgregory.net/rapid"
)

func TestParseLimit(t *testing.T) {
	tests := []struct {
		in   string
		want Limit
	}{
		{"自信息形成或者变更之日起20个工作日内", Limit{Kind: Within, Base: Formed, Event: "信息形成或者变更", N: 20, Unit: Workdays}},
		{"信息形成之日起２０个工作日内予以公开", Limit{Kind: Within, Base: Formed, Event: "信息形成", N: 20, Unit: Workdays}},
		{"制定或获取文件之日起10个工作日内", Limit{Kind: Within, Base: Obtained, Event: "制定或获取文件", N: 10, Unit: Workdays}},
		{"制定或获取信息之日起十个工作日内", Limit{Kind: Within, Base: Obtained, Event: "制定或获取信息", N: 10, Unit: Workdays}},
		{"20个工作日", Limit{Kind: Within, Base: Formed, N: 20, Unit: Workdays}},
		{"20个工作日内", Limit{Kind: Within, Base: Formed, N: 20, Unit: Workdays}},
		{"本级人大或常委会批准后20日内", Limit{Kind: Within, Base: Approved, Event: "本级人大或常委会批准", N: 20, Unit: Days}},
		{"调查结束后5个工作日内", Limit{Kind: Within, Base: Finished, Event: "调查结束", N: 5, Unit: Workdays}},
		{"每20个工作日更新", Limit{Kind: Refresh, N: 20, Unit: Workdays}},
		{"公示7个工作日", Limit{Kind: Display, N: 7, Unit: Workdays}},
		{"制定或获取信息之日起10个工作日内，公示7个工作日", Limit{Kind: Within, Base: Obtained, Event: "制定或获取信息", N: 10, Unit: Workdays, Display: 7, DisplayUnit: Workdays}},
		{"组织听证7个工作日前", Limit{Kind: Ahead, Base: Other, Event: "组织听证", N: 7, Unit: Workdays}},
		{"听证前7个工作日", Limit{Kind: Ahead, Base: Other, Event: "听证", N: 7, Unit: Workdays}},
		{"即时公开", Limit{Kind: Immediate, Base: Formed}},
		{"实时", Limit{Kind: Immediate, Base: Formed}},
		{"信息形成后及时公开", Limit{Kind: Immediate, Base: Formed, Event: "信息形成"}},
		{"长期公开", Limit{Kind: Permanent}},
		{"按年度公开", Limit{Kind: Periodic, Every: Yearly}},
		{"每季度公开一次", Limit{Kind: Periodic, Every: Quarterly}},
		{"每年1月31日前", Limit{Kind: Periodic, Every: Yearly, Month: 1, Day: 31}},
		{"作出行政处罚决定之日起7个工作日内", Limit{Kind: Within, Base: Decided, Event: "作出行政处罚决定", N: 7, Unit: Workdays}},
	}
	for _, tt := range tests {
		if got, ok := ParseLimit(tt.in); !ok || got != tt.want {
			t.Errorf("ParseLimit(%q) = %+v, %v\nwant %+v", tt.in, got, ok, tt.want)
		}
	}
	for _, text := range []string{"", "实地启动工作时，村公示栏公开", "按规定时限", "第20个工作日", "每年13月1日前", "依法"} {
		if got, ok := ParseLimit(text); ok {
			t.Errorf("ParseLimit(%q) = %+v, want not understood", text, got)
		}
	}
}

// Every limit that the program can write it reads back as the same rule.
func TestLimitRoundTrip(t *testing.T) {
	events := map[string]string{"": Formed, "信息形成": Formed, "制定或获取文件": Obtained, "批准": Approved, "组织听证": Other, "收到申请": Received, "签订合同": Signed}
	rapid.Check(t, func(t *rapid.T) {
		event := rapid.SampledFrom([]string{"", "信息形成", "制定或获取文件", "批准", "组织听证", "收到申请", "签订合同"}).Draw(t, "event")
		l := Limit{Kind: rapid.SampledFrom([]LimitKind{Within, Ahead, Refresh, Display, Immediate, Permanent, Periodic}).Draw(t, "kind")}
		switch l.Kind {
		case Within, Ahead, Immediate:
			if l.Kind == Ahead && event == "" {
				event = "批准"
			}
			l.Base, l.Event = events[event], event
		case Periodic:
			l.Every = rapid.SampledFrom([]Every{Monthly, Quarterly, HalfYear, Yearly}).Draw(t, "every")
			if l.Every == Yearly && rapid.Bool().Draw(t, "dated") {
				l.Month, l.Day = rapid.IntRange(1, 12).Draw(t, "month"), rapid.IntRange(1, 31).Draw(t, "day")
			}
		}
		if l.Kind == Within || l.Kind == Ahead || l.Kind == Refresh || l.Kind == Display {
			l.N, l.Unit = rapid.IntRange(1, 9999).Draw(t, "n"), rapid.SampledFrom([]string{Workdays, Days, Months, Hours}).Draw(t, "unit")
		}
		if l.Kind == Within || l.Kind == Immediate {
			if rapid.Bool().Draw(t, "shown") {
				l.Display, l.DisplayUnit = rapid.IntRange(1, 99).Draw(t, "display"), rapid.SampledFrom([]string{Workdays, Days}).Draw(t, "display unit")
			}
		}
		if got, ok := ParseLimit(l.String()); !ok || got != l {
			t.Fatalf("%q reads as %+v, %v\nwant %+v", l.String(), got, ok, l)
		}
	})
}

func FuzzParseLimit(f *testing.F) {
	for _, s := range []string{"自信息形成或者变更之日起20个工作日内", "公示7个工作日", "每年1月31日前", "组织听证7个工作日前"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		l, ok := ParseLimit(s)
		if ok && (l.Kind == "" || l.N < 0 || l.N > 9999) {
			t.Errorf("ParseLimit(%q) = %+v", s, l)
		}
	})
}
