package document

import (
	"strings"
	"testing"

	"gongkai/internal/fault"
)

func TestParseNumber(t *testing.T) {
	tests := []struct{ in, want string }{
		{"永政办发〔2021〕12号", "永政办发〔2021〕12号"},
		{"永政办发[2021]12号", "永政办发〔2021〕12号"},
		{"永政办发(2021)12号", "永政办发〔2021〕12号"},
		{"永政办发（2021）12号", "永政办发〔2021〕12号"},
		{"永政办发【2021】12号", "永政办发〔2021〕12号"},
		{"永政办发［２０２１］１２号", "永政办发〔2021〕12号"},
		{" 永政办发 〔 2021 〕 12 号 ", "永政办发〔2021〕12号"},
		{"永政办发〔2021〕012号", "永政办发〔2021〕12号"},
		{"永政办发〔2021〕第12号", "永政办发〔2021〕12号"},
		{"永政辦發〔2021〕12號", "永政办发〔2021〕12号"},
		{"文号：永政办发〔2021〕12号", "永政办发〔2021〕12号"},
		{"发文字号: 永政办发〔2021〕12号", "永政办发〔2021〕12号"},
		{"（国发〔2016〕55号）", "国发〔2016〕55号"},
		{"国办发明电〔2020〕27号", "国办发明电〔2020〕27号"},
		{"湘财税〔2021〕3号", "湘财税〔2021〕3号"},
		{"和政发〔2021〕1号", "和政发〔2021〕1号"},
		{"法（研）发〔1987〕32号", "法(研)发〔1987〕32号"},
		{"财税字[94]123号", "财税字〔1994〕123号"},
		{"〔2021〕9号", "〔2021〕9号"},
		{"国务院令第711号", "国务院令第711号"},
		{"中华人民共和国国务院令第711号", "中华人民共和国国务院令第711号"},
		{"国务院令（第711号）", "国务院令第711号"},
		{"令第711号", "令第711号"},
		{"令 第 711 号", "令第711号"},
		{"中华人民共和国主席令第二十四号", "中华人民共和国主席令第24号"},
		{"永州市人民政府令第3号", "永州市人民政府令第3号"},
		{"交通运输部令2021年第12号", "交通运输部令2021年第12号"},
		{"公告2021年第3号", "公告2021年第3号"},
		{"2021年第3号公告", "公告2021年第3号"},
		{"第3号公告", "公告第3号"},
		{"财政部公告2021年第3号", "财政部公告2021年第3号"},
		{"财政部 税务总局公告2021年第3号", "财政部税务总局公告2021年第3号"},
	}
	for _, tt := range tests {
		n, err := ParseNumber(tt.in)
		if err != nil {
			t.Errorf("ParseNumber(%q): %v", tt.in, err)
			continue
		}
		if got := n.String(); got != tt.want {
			t.Errorf("ParseNumber(%q) = %s (%+v), want %s", tt.in, got, n, tt.want)
		}
		if again, err := ParseNumber(n.String()); err != nil || again != n {
			t.Errorf("ParseNumber(%q) = %+v, %v, not what was written", n, again, err)
		}
	}
}

func TestParseNumberRefuses(t *testing.T) {
	for _, in := range []string{"", "12号", "第12号", "永政办发12号", "国发〔2016〕55号、国办发〔2020〕27号",
		"关于印发要点的通知", "永政办发〔0〕12号", "永政办发〔2021〕号", "(2021)12号楼", strings.Repeat("号", 1000)} {
		if n, err := ParseNumber(in); fault.KindOf(err) != fault.Invalid {
			t.Errorf("ParseNumber(%q) = %v, %v, want an invalid fault", fault.Clip(in, 40), n, err)
		}
	}
}

func TestKeyIgnoresPrint(t *testing.T) {
	same := [][]string{
		{"永政办发〔2021〕12号", "永政辦發[2021]12號", "永政办发（２０２１）１２号", "永政办发 【2021】 第 012 号"},
		{"中华人民共和国国务院令第711号", "国务院令（第711号）", "国务院令第七百一十一号"},
		{"财政部公告2021年第3号", "财政部2021年第3号公告"},
	}
	seen := map[string]int{}
	for i, group := range same {
		for _, s := range group {
			n, err := ParseNumber(s)
			if err != nil {
				t.Fatal(err)
			}
			if j, ok := seen[n.Key()]; ok && j != i {
				t.Errorf("%q has the key of another number: %q", s, n.Key())
			} else if !ok && s != group[0] {
				t.Errorf("%q has the key %q, not that of %q", s, n.Key(), group[0])
			}
			seen[n.Key()] = i
		}
	}
}

func TestFindNumbers(t *testing.T) {
	tests := []struct {
		in   string
		want []string // the text found
	}{
		{"按照国发〔2016〕55号、国办发〔2020〕27号和湘政办发〔2021〕9号文件要求", []string{"国发〔2016〕55号", "国办发〔2020〕27号", "湘政办发〔2021〕9号"}},
		{"《关于全面推进政务公开工作的意见》（中办发〔2016〕8号）精神", []string{"中办发〔2016〕8号"}},
		{"2019年4月3日中华人民共和国国务院令第711号修订", []string{"中华人民共和国国务院令第711号"}},
		{"1998年10月17日，我院以法〔1998〕86号通知印发", []string{"法〔1998〕86号"}},
		{"国家发展和改革委员会令第49号公布", []string{"国家发展和改革委员会令第49号"}},
		{"账号为12号，1号楼，3号文件，(2021)5号", nil},
		{"根据《建设工程质量管理条例》(国务院令第279号)和住房和城乡建设部公告2020年第12号。",
			[]string{"国务院令第279号", "住房和城乡建设部公告2020年第12号"}},
	}
	for _, tt := range tests {
		var got []string
		for _, f := range FindNumbers(tt.in) {
			got = append(got, tt.in[f.Start:f.End])
		}
		if strings.Join(got, "|") != strings.Join(tt.want, "|") {
			t.Errorf("FindNumbers(%q)\n got %q\nwant %q", tt.in, got, tt.want)
		}
	}
}
