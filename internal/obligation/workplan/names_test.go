package workplan

import (
	"slices"
	"testing"
)

func TestSplitNames(t *testing.T) {
	tests := []struct {
		in   string
		want []string
	}{
		{"市发展和改革委员会、市工业和信息化局", []string{"市发展和改革委员会", "市工业和信息化局"}},
		{"市直相关单位和各县市区人民政府、管理区、经开区管委会", []string{"市直相关单位", "各县市区人民政府", "管理区", "经开区管委会"}},
		{"市直和中央、省驻永有关单位", []string{"市直和中央、省驻永有关单位"}},
		{"各县(区、市)人民政府，市直各单位", []string{"各县(区、市)人民政府", "市直各单位"}},
		{"国家税务总局永州市税务局（市税务局）、市财政局等部门", []string{"国家税务总局永州市税务局（市税务局）", "市财政局"}},
		{"市自然资源和规划局及市住房和城乡建设局", []string{"市自然资源和规划局", "市住房和城乡建设局"}},
		{"市人力资源和社会保障局会同", []string{"市人力资源和社会保障局会同"}},
		{"市财政局 市审计局", []string{"市财政局", "市审计局"}},
		{"财 政 局", []string{"财 政 局"}},
		{"市公安局/市司法局；市信访局", []string{"市公安局", "市司法局", "市信访局"}},
		{"各县、区人民政府", []string{"各县、区人民政府"}},
		{"由市民政局", []string{"市民政局"}},
		{"", nil},
	}
	for _, tt := range tests {
		if got := splitNames(newText(tt.in)).names; !slices.Equal(got, tt.want) {
			t.Errorf("splitNames(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestReadAssignment(t *testing.T) {
	tests := []struct {
		in                string
		lead, responsible []string
	}{
		{"市发改委牵头,市直相关单位按职责分工负责", []string{"市发改委"}, []string{"市直相关单位"}},
		{"甲局、乙局牵头，丙局、丁局配合", []string{"甲局", "乙局"}, []string{"丙局", "丁局"}},
		{"甲局牵头、乙局配合", []string{"甲局"}, []string{"乙局"}},
		{"甲局牵头负责，乙局、各乡镇人民政府参与", []string{"甲局"}, []string{"乙局", "各乡镇人民政府"}},
		{"由甲局会同乙局牵头", []string{"甲局"}, []string{"乙局"}},
		{"牵头单位：甲局；责任单位：乙局、丙局；责任领导：某某某", []string{"甲局"}, []string{"乙局", "丙局"}},
		{"责任单位:甲局、乙局", nil, []string{"甲局", "乙局"}},
		{"牵头单位：甲局 配合单位：乙局 完成时限：10月底前", []string{"甲局"}, []string{"乙局"}},
		{"公共企事业单位相应主管部门按职责牵头负责", []string{"公共企事业单位相应主管部门"}, nil},
		{"牵头市领导：某某某；牵头单位：甲局；配合单位：乙局", []string{"甲局"}, []string{"乙局"}},
		{"由甲局牵头，乙局配合", []string{"甲局"}, []string{"乙局"}},
		{"甲局负责，持续推进", nil, []string{"甲局"}},
		{"各县市区均为责任单位，以下不再列出", nil, []string{"各县市区"}},
	}
	for _, tt := range tests {
		a, ok := readAssignment(newText(tt.in))
		if !ok || !slices.Equal(a.lead, tt.lead) || !slices.Equal(a.responsible, tt.responsible) {
			t.Errorf("%q: %v, lead %q, responsible %q", tt.in, ok, a.lead, a.responsible)
		}
	}
	for _, in := range []string{"以下简称平台", "统一标识标牌、统一公开内容、统一管理机制", "记者报道", "市财政局负责解释", "谁主管谁负责", "2021", "国办发〔2020〕50号", "", "负责"} {
		if a, ok := readAssignment(newText(in)); ok {
			t.Errorf("%q is no assignment, got %+v", in, a)
		}
	}
}

func TestPersonsAreLeftOut(t *testing.T) {
	inner := newText("责任领导：某某某；责任单位：甲局、乙局；联系电话：0000")
	list := assignments(newText("做好公开。（"+inner.String()+"）"), false)
	if len(list) != 1 || list[0].printed != "责任单位：甲局、乙局" {
		t.Errorf("got %+v", list)
	}
}

func TestSentencesAssign(t *testing.T) {
	for in, want := range map[string]int{
		"公开财政信息。由市财政局牵头，市直相关单位配合。": 1,
		"公开财政信息。由各地自行负责。":          0,
		"财政信息由市财政局在网站公开，由群众监督。":    0,
	} {
		if got := assignments(newText(in), false); len(got) != want {
			t.Errorf("%q: %+v", in, got)
		}
	}
}
