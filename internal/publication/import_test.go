package publication

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"gongkai/internal/civil"
	"gongkai/internal/db/dbtest"
	"gongkai/internal/fault"
	"gongkai/internal/search"
)

func good(source string) string {
	return fmt.Sprintf(`{"source_id": %q, "kind": "policy", "unit": "甲市人民政府", "title": "甲市办法", "body": {"format": "markdown", "text": "第一条 本办法。"}}`, source)
}

// with puts more keys into a good line.
func with(source, more string) string {
	return strings.TrimSuffix(good(source), "}") + ", " + more + "}"
}

// Every way in which a line may be wrong, and what is said of it; the good
// lines around it are taken in all the same.
func TestImportRejects(t *testing.T) {
	tests := []struct {
		name, line, field, says string
	}{
		{"unknown kind", strings.Replace(good("x"), "policy", "polcy", 1), "kind", "没有“polcy”这个种类，可用的有：policy（政策文件）"},
		{"unknown unit", strings.Replace(good("x"), "甲市人民政府", "甲市卫生局", 1), "unit", "名录里没有“甲市卫生局”"},
		{"unknown key", with("x", `"titel": "甲"`), "titel", "不认识的键；可用的有：source_id、kind"},
		{"unknown field", with("x", `"fields": {"colour": "red"}`), "fields.colour", "种类“政策文件”没有这一项；有的是：index_no（索引号）"},
		{"a day that does not exist", with("x", `"issued_on": "2021-02-30"`), "issued_on", "“2021-02-30”不是存在的日期，应写成 2021-06-11 的样子"},
		{"a month in words", with("x", `"effective_on": "二〇二一年六月"`), "effective_on", "“二〇二一年六月”不是存在的日期"},
		{"an instant that does not exist", with("x", `"published_at": "2021-06-11 25:00"`), "published_at", "“2021-06-11 25:00”不是存在的时间"},
		{"dates in the wrong order", with("x", `"effective_on": "2021-06-11", "expires_on": "2020-06-11"`), "expires_on", "早于施行日期 2021-06-11"},
		{"unknown target", with("x", `"relations": [{"type": "repeals", "target": "no-such"}]`), "relations[1].target", "库里和这个文件里都没有“no-such”"},
		{"interpretation of nothing", with("x", `"relations": [{"type": "interprets", "target": "甲政发〔1999〕9号"}]`), "relations[1].target", "库里和这个文件里都没有“甲政发〔1999〕9号”"},
		{"unknown relation", with("x", `"relations": [{"type": "hates", "target": "first"}]`), "relations[1].type", "没有“hates”这种关系，可用的有：repeals（废止）"},
		{"relation to itself", with("x", `"relations": [{"type": "repeals", "target": "x"}]`), "relations[1].target", "关系指向了这份文件自己"},
		{"no title", strings.Replace(good("x"), "甲市办法", " ", 1), "title", "缺少标题"},
		{"title of two lines", strings.Replace(good("x"), "甲市办法", `甲\n乙`, 1), "title", "只能写一行"},
		{"null character", strings.Replace(good("x"), "甲市办法", `甲\u0000乙`, 1), "title", "控制字符"},
		{"no source_id", strings.Replace(good("x"), `"source_id": "x", `, "", 1), "source_id", "缺少来源编号"},
		{"number for a title", strings.Replace(good("x"), `"甲市办法"`, "7", 1), "title", "值类型不对（给的是 数字）；应是带引号的文字"},
		{"keywords as text", with("x", `"keywords": "教育"`), "keywords", `例如 ["教育", "招生"]`},
		{"unknown format", strings.Replace(good("x"), "markdown", "docx", 1), "body.format", "“docx”不是正文格式"},
		{"unknown validity", with("x", `"validity": "还行"`), "validity", "有效、失效、废止、已修改、尚未生效"},
		{"unknown category of article 20", with("x", `"statutory": "20-16"`), "statutory", "20-1 到 20-15"},
		{"cut short", good("x")[:40], "", "不是完整的 JSON"},
		{"not an object", `["a"]`, "", "每行应是一个完整的 JSON 对象"},
		{"two objects", good("x") + good("y"), "", "一行里有不止一个对象"},
		{"twice in the file", good("first"), "source_id", "与第 1 行相同"},
		{"GB18030", gb18030(t, good("x")), "", "不是 UTF-8 编码（像是 GB18030/GBK）"},
		{"50 MB", with("x", `"category": "`+strings.Repeat("长", 50<<20/3)+`"`), "", "超过一行最多 16 MB"},
		{"a file that is not there", with("x", `"attachments": [{"name": "表.xlsx", "path": "files/表.xlsx"}]`), "attachments[1].path", "找不到附件文件“files/表.xlsx”"},
		{"a file outside", with("x", `"attachments": [{"name": "密码", "path": "../../etc/passwd"}]`), "attachments[1].path", "不能用 .. 或绝对路径"},
		{"a script as address", with("x", `"attachments": [{"name": "脚本", "url": "javascript:alert(1)"}]`), "attachments[1].url", "http:// 或 https://"},
		{"an obligation nobody has", with("x", `"relations": [{"type": "fulfils", "target": "no-such-code"}]`), "", "no-such-code"},
	}
	s := newStore(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var rejected bytes.Buffer
			file := good("first") + "\n" + tt.line + "\n\n" + good("last "+tt.name)
			r := importAll(t, s, strings.NewReader(file), ImportOptions{Rejected: &rejected, Files: fstest.MapFS{}})
			if r.Rejected != 1 || r.Lines != 3 || r.Added+r.Same != 2 || len(r.Rejections) != 1 {
				t.Fatalf("report %+v", r)
			}
			x := r.Rejections[0]
			if x.Line != 2 || len(x.Errors) == 0 || x.Errors[0].Field != tt.field || !strings.Contains(x.Errors[0].Message, tt.says) {
				t.Errorf("line %d: %v; want %s: …%s…", x.Line, x.Errors, tt.field, tt.says)
			}
			var written Rejection
			if err := json.Unmarshal(rejected.Bytes(), &written); err != nil || written.Line != 2 || len(written.Raw) == 0 || len(written.Raw) > 2000 {
				t.Errorf("rejected file: %+v, %v", written, err)
			}
		})
	}
	if _, err := s.BySource(ctx, "x"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a refused line was taken in: %v", err)
	}
}

func gb18030(t *testing.T, text string) string {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestImportRefusesWholeFiles(t *testing.T) {
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(good("x"))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, text, code string }{
		{"GB18030 from the start", gb18030(t, good("x")), "import_encoding"},
		{"noise", `{"` + "\xff\xfe\xff\xff", "import_encoding"},
		{"UTF-16", utf16, "import_encoding"},
		{"CSV", "标题,文号\n甲,乙\n", "import_form"},
		{"an array", "[" + good("x") + "]", "import_form"},
		{"broken Zstandard", string(compress(t, strings.Repeat(good("x")+"\n", 9000))[:200]), "import_broken"},
	}
	s := newStore(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	for _, tt := range tests {
		_, err := s.Import(ctx, strings.NewReader(tt.text), ImportOptions{})
		if f, ok := fault.Of(err); !ok || f.Code != tt.code {
			t.Errorf("%s: %v, want %s", tt.name, err, tt.code)
		}
	}
	for _, text := range []string{"", "\n\n", "\ufeff" + good("bom"), "\r\n" + good("crlf") + "\r\n", good("z") + "\n\ufeff" + good("joined")} {
		if r := importAll(t, s, strings.NewReader(text), ImportOptions{}); r.Rejected != 0 {
			t.Errorf("%.20q: %+v", text, r)
		}
	}
}

func compress(t testing.TB, text string) []byte {
	t.Helper()
	enc, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return enc.EncodeAll([]byte(text), nil)
}

func TestImportOrderDoesNotMatter(t *testing.T) {
	s := newStore(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	lines := []string{
		with("reading", `"relations": [{"type": "interprets", "target": "law"}]`),
		with("change", `"issued_on": "2021-01-01", "relations": [{"type": "amends", "target": "甲政发〔2020〕1号", "articles": ["第一条"]}, {"type": "implements", "target": "国发〔2000〕1号"}]`),
		with("stray", `"relations": [{"type": "corrects", "target": "lost"}]`),
		with("chain", `"relations": [{"type": "interprets", "target": "stray"}]`),
		with("law", `"issued_on": "2020-01-01", "number": "甲政发〔2020〕1号"`),
	}
	r := importAll(t, s, strings.NewReader(strings.Join(lines, "\n")), ImportOptions{})
	if r.Added != 3 || r.Rejected != 2 || r.Lines != 5 || r.Warned != 1 || len(r.Warnings) != 1 || r.Warnings[0].SourceID != "change" {
		t.Fatalf("report %+v", r)
	}
	law, err := s.BySource(ctx, "law")
	if err != nil {
		t.Fatal(err)
	}
	d := get(t, s, law.ID)
	if len(d.Incoming) != 2 || d.Standing.Code != search.Amended {
		t.Errorf("incoming %+v, standing %v", d.Incoming, d.Standing.Code)
	}
	if again := importAll(t, s, strings.NewReader(strings.Join(lines, "\n")), ImportOptions{}); again.Same != 3 || again.Rejected != 2 {
		t.Errorf("again: %+v", again)
	}
}

func TestImportCycle(t *testing.T) {
	s := newStore(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	lines := with("a", `"relations": [{"type": "repeals", "target": "b"}]`) + "\n" + with("b", `"relations": [{"type": "repeals", "target": "a"}]`)
	r := importAll(t, s, strings.NewReader(lines), ImportOptions{})
	if r.Added != 1 || r.Rejected != 1 || !strings.Contains(r.Rejections[0].Errors[0].Message, "关系成了圈：《甲市办法》废止《甲市办法》") {
		t.Errorf("report %+v", r)
	}
}

func TestImportDryRunLeavesNothing(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		head := ledgerHead(t, s)
		lines := good("a") + "\n" + strings.Replace(with("b", `"relations": [{"type": "repeals", "target": "a"}]`), "甲市人民政府", "某省人民政府", 1)
		r := importAll(t, s, strings.NewReader(lines), ImportOptions{DryRun: true, CreateUnits: true})
		if r.Added != 2 || r.Rejected != 0 {
			t.Errorf("report %+v", r)
		}
		if l, err := s.List(ctx, Filter{}, Page{}); err != nil || l.Total != 0 || ledgerHead(t, s) != head {
			t.Errorf("a dry run left %d records, %v", l.Total, err)
		}
	})
}

// An import that is cut off has taken whole batches; the same import again
// takes the rest.
func TestImportResumes(t *testing.T) {
	s := newStore(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	var all strings.Builder
	const n = 3*batchLines + 50
	for i := range n {
		all.WriteString(good(fmt.Sprint(i)) + "\n")
	}
	cut := errors.New("cable pulled")
	half := io.MultiReader(strings.NewReader(all.String()[:all.Len()/2]), failing{cut})
	r, err := s.Import(ctx, half, ImportOptions{})
	if fault.KindOf(err) != fault.Invalid || r.Added == 0 || r.Added >= n {
		t.Fatalf("first: %+v, %v", r, err)
	}
	again := importAll(t, s, strings.NewReader(all.String()), ImportOptions{})
	if again.Same != r.Added || again.Added != n-r.Added {
		t.Errorf("again: %+v after %d", again, r.Added)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestImportFileLeavesRejected(t *testing.T) {
	s := newStore(t, dbtest.SQLite(t, civil.Fixed(dbtest.Noon)))
	path := filepath.Join(t.TempDir(), "records.jsonl.zst")
	write := func(text string) {
		if err := os.WriteFile(path, compress(t, text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(good("a") + "\n" + strings.Replace(good("b"), "policy", "x", 1) + "\n")
	if r, err := s.ImportFile(ctx, path, ImportOptions{}); err != nil || r.Rejected != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	rejected := filepath.Join(filepath.Dir(path), "records.rejected.jsonl")
	if text, err := os.ReadFile(rejected); err != nil || !strings.Contains(string(text), `"source_id":"b"`) {
		t.Errorf("%s, %v", text, err)
	}
	write(good("a") + "\n" + good("b") + "\n")
	if r, err := s.ImportFile(ctx, path, ImportOptions{}); err != nil || r.Added != 1 || r.Same != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	if _, err := os.Stat(rejected); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the file of refused lines is still there: %v", err)
	}
	if _, err := s.ImportFile(ctx, path+".no", ImportOptions{}); fault.KindOf(err) != fault.Invalid {
		t.Errorf("no file: %v", err)
	}
}
