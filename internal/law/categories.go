package law

// Category is one of the fifteen sorts of information that every organ must
// disclose (条例第二十条): "20-1" to "20-15".
type Category string

// Topic is a subject that article 21 adds for cities, counties and townships.
type Topic string

// Categories is the list of article 20.
func Categories() List[Category] { return categories }

// Topics is the list of article 21. The article ends in 等: the list is open.
func Topics() List[Topic] { return topics }

var categories = List[Category]{
	Name: "主动公开类别", Basis: foi + "第二十条", Since: since2019foi, LastChecked: checked,
	items: []Item[Category]{
		category("20-1", "（一）", "行政法规、规章和规范性文件", "法规文件", "政策文件", "表二第二十条第（一）项"),
		category("20-2", "（二）", "机关职能、机构设置、办公地址、办公时间、联系方式、负责人姓名", "机构职能", "机构概况", ""),
		category("20-3", "（三）", "国民经济和社会发展规划、专项规划、区域规划及相关政策", "规划计划", "规划计划", ""),
		category("20-4", "（四）", "国民经济和社会发展统计信息", "统计信息", "统计信息", ""),
		category("20-5", "（五）", "办理行政许可和其他对外管理服务事项的依据、条件、程序以及办理结果", "许可服务", "行政许可和服务", "表二第二十条第（五）项"),
		category("20-6", "（六）", "实施行政处罚、行政强制的依据、条件、程序以及本行政机关认为具有一定社会影响的行政处罚决定", "处罚强制", "行政处罚和强制", "表二第二十条第（六）项"),
		category("20-7", "（七）", "财政预算、决算信息", "预算决算", "财政预决算", ""),
		category("20-8", "（八）", "行政事业性收费项目及其依据、标准", "收费项目", "收费项目", "表二第二十条第（八）项"),
		category("20-9", "（九）", "政府集中采购项目的目录、标准及实施情况", "政府采购", "政府采购", ""),
		category("20-10", "（十）", "重大建设项目的批准和实施情况", "重大项目", "重大建设项目", ""),
		category("20-11", "（十一）", "扶贫、教育、医疗、社会保障、促进就业等方面的政策、措施及其实施情况", "民生政策", "民生领域", ""),
		category("20-12", "（十二）", "突发公共事件的应急预案、预警信息及应对情况", "应急管理", "应急管理", ""),
		category("20-13", "（十三）", "环境保护、公共卫生、安全生产、食品药品、产品质量的监督检查情况", "监督检查", "监督检查", ""),
		category("20-14", "（十四）", "公务员招考的职位、名额、报考条件等事项以及录用结果", "招考录用", "招考录用", ""),
		category("20-15", "（十五）", "法律、法规、规章和国家有关规定规定应当主动公开的其他政府信息", "其他法定", "其他法定信息", ""),
	},
}

func category(code Category, item, label, short, column, row string) Item[Category] {
	return Item[Category]{
		Code: code, Label: label, Short: short, Column: column, ReportRow: row,
		Article: foi + "第二十条第" + item + "项", Confirmed: Confirmed,
	}
}

const (
	cityScope     = "设区的市级、县级人民政府及其部门"
	townshipScope = "乡（镇）人民政府"
)

var topics = List[Topic]{
	Name: "第二十一条附加主题", Basis: foi + "第二十一条", Since: since2019foi, LastChecked: checked,
	items: []Item[Topic]{
		topic("21-1-1", cityScope, "市政建设", "市政建设"),
		topic("21-1-2", cityScope, "公共服务", "公共服务"),
		topic("21-1-3", cityScope, "公益事业", "公益事业"),
		topic("21-1-4", cityScope, "土地征收", "土地征收"),
		topic("21-1-5", cityScope, "房屋征收", "房屋征收"),
		topic("21-1-6", cityScope, "治安管理", "治安管理"),
		topic("21-1-7", cityScope, "社会救助", "社会救助"),
		topic("21-2-1", townshipScope, "贯彻落实农业农村政策", "农业农村政策"),
		topic("21-2-2", townshipScope, "农田水利工程建设运营", "农田水利"),
		topic("21-2-3", townshipScope, "农村土地承包经营权流转", "土地流转"),
		topic("21-2-4", townshipScope, "宅基地使用情况审核", "宅基地审核"),
		topic("21-2-5", townshipScope, "土地征收", "土地征收"),
		topic("21-2-6", townshipScope, "房屋征收", "房屋征收"),
		topic("21-2-7", townshipScope, "筹资筹劳", "筹资筹劳"),
		topic("21-2-8", townshipScope, "社会救助", "社会救助"),
	},
}

func topic(code Topic, scope, label, short string) Item[Topic] {
	return Item[Topic]{
		Code: code, Label: label, Short: short, Scope: scope, Column: short,
		Article: foi + "第二十一条", Confirmed: Confirmed,
	}
}
