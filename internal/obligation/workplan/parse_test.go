package workplan

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gongkai/internal/civil"
	"gongkai/internal/extract"
	"gongkai/internal/fault"
	"gongkai/internal/sharedtest"
)

var write = flag.Bool("write", false, "write the golden files")

func read(t testing.TB, path string) extract.Document {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := extract.Read(path, b, extract.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func seedPath(t testing.TB) string {
	files, err := filepath.Glob(sharedtest.Path(t, "seeds") + "/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no seed", err)
	}
	return files[0]
}

// golden compares what a plan says with the checked-in JSON.
func golden(t *testing.T, path string, doc extract.Document, clear func(*Plan)) {
	t.Helper()
	plan, warnings, err := Parse(doc, Options{})
	if err != nil {
		t.Fatal(err)
	}
	clear(&plan)
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(struct {
		Plan     Plan      `json:"plan"`
		Warnings []Warning `json:"warnings,omitempty"`
	}{plan, warnings}); err != nil {
		t.Fatal(err)
	}
	if *write {
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("%s differs; after looking at it, write it with -write. Got:\n%s", path, b.String())
	}
}

// Real documents differ; each fixture is one way in which they do.
func TestPlans(t *testing.T) {
	files, err := filepath.Glob("testdata/plans/*")
	if err != nil || len(files) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, f := range files {
		if strings.HasSuffix(f, ".json") {
			continue
		}
		t.Run(filepath.Base(f), func(t *testing.T) {
			golden(t, f+".json", read(t, f), func(*Plan) {})
		})
	}
}

// The text of the seed is not ours to hold: sentences stand in the golden file
// as digests, names and numbers as they are.
func TestSeedGolden(t *testing.T) {
	golden(t, "testdata/seed.json", read(t, seedPath(t)), func(p *Plan) {
		for i := range p.Tasks {
			task := &p.Tasks[i]
			digest(&task.Section, &task.Title, &task.Text, &task.Assignment)
			for j := range task.Targets {
				digest(&task.Targets[j].Text)
			}
			for j := range task.Items {
				digest(&task.Items[j].Text)
				task.Items[j].Targets = nil // the task lists them too
			}
		}
		for i := range p.Duties {
			digest(&p.Duties[i].Text)
		}
	})
}

func digest(texts ...*string) {
	for _, s := range texts {
		*s = fmt.Sprintf("%x", sha256.Sum256([]byte(*s)))[:12]
	}
}

func TestSeedFacts(t *testing.T) {
	plan, warnings, err := Parse(read(t, seedPath(t)), Options{})
	if err != nil || len(warnings) > 0 {
		t.Fatal(err, warnings)
	}
	if len(plan.Tasks) != 18 || plan.IssuedOn != civil.MustDate("2021-06-11") || plan.Issuer != "永州市政务公开政务服务领导小组办公室" {
		t.Errorf("%d tasks, %s, %s", len(plan.Tasks), plan.IssuedOn, plan.Issuer)
	}
	sections := map[string]int{}
	for _, task := range plan.Tasks {
		sections[task.Section]++
	}
	if len(sections) != 5 {
		t.Errorf("sections: %v", sections)
	}
	numbers := func(task Task) (got []string) {
		for _, x := range task.Targets {
			got = append(got, string(x.Quantity)+x.Unit)
		}
		return got
	}
	want := "348个 3.5万户 2万户 102个 4.5万人次 700例 980户 9.99万人 149个 229个 100个 6000个"
	if got := strings.Join(numbers(plan.Tasks[2]), " "); got != want || len(plan.Tasks[2].Items) != 10 {
		t.Errorf("commitments: %d items, %s", len(plan.Tasks[2].Items), got)
	}
	if got := strings.Join(numbers(plan.Tasks[11]), " "); got != "26个" {
		t.Errorf("fields: %s", got)
	}
	if len(plan.Tasks[12].Items) != 15 {
		t.Errorf("%d categories", len(plan.Tasks[12].Items))
	}
	if got := plan.Tasks[10]; got.Due != "2021年底前" || got.DueOn != civil.MustDate("2021-12-31") {
		t.Errorf("IPv6 is due %q, %s", got.Due, got.DueOn)
	}
	if got := plan.Tasks[16]; got.Due != "每季度" || got.Every != Quarterly {
		t.Errorf("bulletin is due %q, %s", got.Due, got.Every)
	}
	if len(plan.Duties) != 1 || plan.Duties[0].Every != Yearly || len(plan.Duties[0].Responsible) != 2 {
		t.Errorf("standing duties: %+v", plan.Duties)
	}
}

func TestNotAPlan(t *testing.T) {
	for name, s := range map[string]string{
		"law":      "第一条 为了保障公民权利，制定本办法。\n第二条 本办法自公布之日起施行。",
		"news":     "今天上午，我市召开会议。会议指出，要加快发展（记者报道）。",
		"numbered": "一、总则\n（一）目的。（以下简称平台）\n二、附则",
	} {
		doc, err := extract.Read(name+".txt", []byte(s), extract.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = Parse(doc, Options{})
		f, ok := fault.Of(err)
		if !ok || f.Kind != fault.Invalid || f.Code != "not_a_work_plan" || !strings.Contains(f.Message, "责任单位") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("testdata/plans/*.txt")
	for _, path := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	f.Add("一、甲\n（一）乙。（丙局牵头，丁局、（戊）局及己局负责）\n(1)庚(2)辛1,000.5万户")
	f.Fuzz(func(t *testing.T, s string) {
		doc, err := extract.Read("x.txt", []byte(s), extract.Limits{Bytes: 1 << 16})
		if err != nil {
			return
		}
		plan, _, err := Parse(doc, Options{})
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("not a fault: %v", err)
			}
			return
		}
		if _, err := json.Marshal(plan); err != nil {
			t.Errorf("does not print: %v", err)
		}
		for i, task := range plan.Tasks {
			if task.No != i+1 {
				t.Errorf("task %d has number %d", i+1, task.No)
			}
			for _, name := range append(task.Lead, task.Responsible...) {
				if !strings.Contains(doc.Text(), name) && !strings.Contains(strings.ReplaceAll(doc.Text(), "\n", ""), name) {
					t.Errorf("name %q is not in the text", name)
				}
			}
		}
	})
}
