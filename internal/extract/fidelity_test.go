package extract

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/internal/extract/pdf"
)

func TestMain(m *testing.M) {
	if dir, err := os.UserCacheDir(); err == nil {
		_ = pdf.Prepare(filepath.Join(dir, "gongkai", "pdf")) // only saves seconds
	}
	os.Exit(m.Run())
}

// letter is the text of testdata/letter.*, which a word processor wrote.
var letter = strings.Join(append([]string{
	"永州市人民政府办公室文件",
	"永政办发〔2021〕12号",
	"永州市人民政府办公室关于印发",
	"《永州市公文测试办法》的通知",
	"各县市区人民政府，市直及中央、省属驻永各单位：",
	"《永州市公文测试办法》已经市人民政府同意，现印发给你们，请认真组织实施。本办法所称公文，是指在履行职责中形成的具有规范体式的文书，English words too，数字123.5和“引号”，破折号——也在其中。",
	"一、总体要求",
	"坚持以公开为常态、不公开为例外，把公开透明贯穿决策、执行、管理、服务和结果的全过程，让权力在阳光下运行，不断增强人民群众的获得感和满意度。",
	"二、主要任务",
	"保留的文字，插入的文字，到此为止。",
	"详见示例网站。",
	"|序号|任务和单位(1x2)",
	"|一(2x1)|公开目录|市政府办公室",
	"|公开标准|市司法局",
}, append(sections(), "永州市人民政府办公室", "2021年6月11日")...), "\n")

func sections() (out []string) {
	for _, n := range []string{"一", "二", "三", "四", "五", "六", "七", "八"} {
		out = append(out, "第"+n+"段说明：各级行政机关应当及时、准确地公开政府信息，发现影响或者可能影响社会稳定、扰乱社会和经济管理秩序的虚假或者不完整信息的，应当发布准确的政府信息予以澄清。")
	}
	return out
}

func testdata(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestDOCIsReadWhole(t *testing.T) {
	d := mustRead(t, "letter.doc", testdata(t, "letter.doc"))
	if got := strings.ReplaceAll(lines(d.Blocks), "# ", ""); got != letter {
		t.Errorf("got\n%s\nwant\n%s", got, letter)
	}
	all := strings.Join(d.Warnings, "")
	for _, part := range []string{"1 处隐藏", "1 处修订插入", "1 处修订删除"} {
		if !strings.Contains(all, part) {
			t.Errorf("warnings %q lack %q", all, part)
		}
	}
	if d.Blocks[6].Kind != Heading || d.Blocks[6].Number != "一、" {
		t.Errorf("block 6 = %+v, want a heading with its number", d.Blocks[6])
	}
}

// The page shows the deleted words as struck out; everything else is the same,
// without the page numbers.
func TestPDFIsReadWhole(t *testing.T) {
	d := mustRead(t, "letter.pdf", testdata(t, "letter.pdf"))
	want := strings.Replace(letter, "保留的文字，", "保留的文字，删去的文字，", 1)
	want = strings.Replace(want, "关于印发\n", "关于印发", 1)
	got := strings.NewReplacer("## ", "", "# ", "").Replace(lines(d.Blocks))
	if got != want {
		t.Errorf("accuracy %.4f; got\n%s\nwant\n%s", accuracy(got, want), got, want)
	}
	if d.Pages != 2 || d.Blocks[0].Level != 1 || d.Blocks[2].Level != 2 {
		t.Errorf("%d pages, heading levels %d and %d, want 2, 1, 2", d.Pages, d.Blocks[0].Level, d.Blocks[2].Level)
	}
}

// accuracy is the share of characters of want that stand in got, in order.
func accuracy(got, want string) float64 {
	b := []rune(want)
	row := make([]int, len(b)+1)
	for _, x := range got {
		last := 0
		for j, y := range b {
			old := row[j+1]
			if x == y {
				row[j+1] = last + 1
			} else {
				row[j+1] = max(old, row[j])
			}
			last = old
		}
	}
	return float64(row[len(b)]) / float64(max(len(b), 1))
}
