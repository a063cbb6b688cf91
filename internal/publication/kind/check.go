package kind

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"gongkai/internal/civil"
	"gongkai/internal/law"
)

var (
	codeForm    = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	yearDayForm = regexp.MustCompile(`^\d\d-\d\d$`)
)

// inArticle20 tells whether code is a category of article 20.
func inArticle20(code string) bool {
	_, ok := law.Categories().Get(law.Category(code))
	return ok
}

func (k *Kind) check(file string) error {
	switch {
	case !codeForm.MatchString(k.Code):
		return kindFault(file, "code", "“%s”不能作代码，应是小写字母开头的字母、数字和下划线，例如 policy。", k.Code)
	case k.Code+".json" != file:
		return kindFault(file, "code", "代码是“%s”，文件名应是 %s.json。", k.Code, k.Code)
	case k.Label == "":
		return kindFault(file, "label", "缺少名称，例如“政策文件”。")
	case k.Statutory != "" && !inArticle20(k.Statutory):
		return kindFault(file, "statutory", "“%s”不是条例第二十条的类别，应是 20-1 到 20-15。", k.Statutory)
	}
	if err := k.Limit.check(file); err != nil {
		return err
	}
	if err := k.checkSteps(file); err != nil {
		return err
	}
	if err := k.Retention.check(file, "retention"); err != nil {
		return err
	}
	if err := checkFields(file, "fields", k.Fields, false); err != nil {
		return err
	}
	return k.checkLabels(file)
}

// checkLabels wants all inputs of a form, common ones too, to have labels of
// their own: in a filled table they tell the columns apart.
func (k *Kind) checkLabels(file string) error {
	seen := map[string]bool{}
	for _, in := range k.Inputs() {
		if seen[in.Label] {
			return kindFault(file, in.Path, "名称“%s”已经用过，请换一个。", in.Label)
		}
		seen[in.Label] = true
	}
	return nil
}

func (l Limit) check(file string) error {
	switch {
	case l.Days < 0, l.Days > 0 && l.Unit != "workday" && l.Unit != "day":
		return kindFault(file, "limit", "期限的 days 应是正数，unit 应是 workday（工作日）或 day（日）。")
	case (l.Days > 0 || l.Date != "") && l.Basis == "":
		return kindFault(file, "limit.basis", "期限要写明依据。")
	}
	if l.Date != "" {
		if _, err := civil.ParseDate("2023-" + l.Date); err != nil || !yearDayForm.MatchString(l.Date) {
			return kindFault(file, "limit.date", "“%s”不是每年的日子，应写成 01-31 的样子。", l.Date)
		}
	}
	return nil
}

func checkFields(file, place string, fields []Field, inTable bool) error {
	seen := map[string]bool{}
	for i, f := range fields {
		at := fmt.Sprintf("%s[%d]", place, i+1)
		if f.Key != "" {
			at = place + "." + f.Key
		}
		_, known := checks[f.Type]
		switch {
		case !codeForm.MatchString(f.Key):
			return kindFault(file, at, "“%s”不能作键，应是小写字母开头的字母、数字和下划线。", f.Key)
		case seen[f.Key]:
			return kindFault(file, at, "同一个键写了两次。")
		case f.Label == "":
			return kindFault(file, at, "缺少名称（label）。")
		case !known:
			return kindFault(file, at, "没有“%s”这种类型，可用的有：%s。", f.Type, strings.Join(typeNames(), "、"))
		case (f.Type == TypeChoice) != (len(f.Choices) > 0):
			return kindFault(file, at, "类型 choice 要有 choices，别的类型不能有。")
		case (f.Type == TypeTable) != (len(f.Columns) > 0):
			return kindFault(file, at, "类型 table 要有 columns，别的类型不能有。")
		case inTable && f.Type == TypeTable:
			return kindFault(file, at, "表格里不能再有表格。")
		}
		seen[f.Key] = true
		if err := checkFields(file, at, f.Columns, true); err != nil {
			return err
		}
	}
	return nil
}

func typeNames() []string {
	names := make([]string, 0, len(checks))
	for t := range checks {
		names = append(names, string(t))
	}
	slices.Sort(names)
	return names
}

// field finds a field by its key.
func field(fields []Field, key string) (Field, bool) {
	i := slices.IndexFunc(fields, func(f Field) bool { return f.Key == key })
	if i < 0 {
		return Field{}, false
	}
	return fields[i], true
}
