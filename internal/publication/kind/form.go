package kind

// Input is one field of the form by which a publication of a kind is written:
// the common keys of a line and then the kind's own.
type Input struct {
	Path string `json:"path"` // key of the line, or fields.KEY
	Field
}

// commonInputs are the keys that every kind has, as a form asks for them.
// Validity and its dates are asked only of kinds that have it.
var commonInputs = []struct {
	Field
	validity bool
}{
	{Field{Key: "source_id", Label: "来源编号", Type: TypeText, Required: true, Help: "在来源系统里不变的编号；同一编号再次导入就是更新"}, false},
	{Field{Key: "unit", Label: "公开单位", Type: TypeUnit, Required: true, Help: "全称、简称或代码"}, false},
	{Field{Key: "title", Label: "标题", Type: TypeText, Required: true}, false},
	{Field{Key: "number", Label: "文号", Type: TypeText, Help: "例如：永政办发〔2021〕12号", List: true}, false},
	{Field{Key: "issued_on", Label: "成文日期", Type: TypeDate, List: true}, false},
	{Field{Key: "published_at", Label: "发布时间", Type: TypeText, Help: "例如：2021-06-11 09:30；不填就是导入的时间"}, false},
	{Field{Key: "effective_on", Label: "施行日期", Type: TypeDate}, true},
	{Field{Key: "expires_on", Label: "有效期届满日", Type: TypeDate, Help: "有效的最后一天"}, true},
	{Field{Key: "repealed_on", Label: "废止日期", Type: TypeDate, Help: "不再有效的第一天"}, true},
	{Field{Key: "validity", Label: "有效性", Type: TypeChoice, Choices: []string{"有效", "失效", "废止", "已修改", "尚未生效"}, Facet: true, Help: "有日期和关系时以日期和关系为准"}, true},
	{Field{Key: "category", Label: "分类", Type: TypeText, Facet: true}, false},
	{Field{Key: "keywords", Label: "关键词", Type: TypeList}, false},
	{Field{Key: "statutory", Label: "法定公开类别", Type: TypeText, Help: "条例第二十条的类别，20-1 到 20-15；不填按种类"}, false},
	{Field{Key: "body", Label: "正文", Type: TypeLongText}, false},
}

// Inputs describes the kind's form, in order.
func (k *Kind) Inputs() []Input {
	var inputs []Input
	for _, c := range commonInputs {
		if !c.validity || k.Validity {
			inputs = append(inputs, Input{c.Key, c.Field})
		}
	}
	for _, f := range k.Fields {
		inputs = append(inputs, Input{"fields." + f.Key, f})
	}
	return inputs
}

// Columns are the inputs that lists show beside title, unit and date.
func (k *Kind) Columns() []Input { return k.pick(func(f Field) bool { return f.List }) }

// Facets are the inputs offered for narrowing a list.
func (k *Kind) Facets() []Input { return k.pick(func(f Field) bool { return f.Facet }) }

func (k *Kind) pick(wanted func(Field) bool) []Input {
	var picked []Input
	for _, in := range k.Inputs() {
		if wanted(in.Field) {
			picked = append(picked, in)
		}
	}
	return picked
}
