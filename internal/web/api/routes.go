package api

// Headings of the reference.
const (
	tagFind   = "查找"
	tagRead   = "公开信息"
	tagUnits  = "单位和站点"
	tagDuties = "公开任务"
	tagLaw    = "法定日历"
	tagBulk   = "批量和跟踪"
)

// routeList is the whole of the API, in the order of the reference. What is
// not here and not in files.go or docs.go does not exist.
func (s *server) routeList() []route {
	return []route{
		{path: "/search", tag: tagFind, id: "search", keep: never, add: get((*server).search),
			summary: "找文件", detail: "找公开的文件，可按种类、单位、主题、效力、时间筛选。没有 q 时列出最新的。"},
		{path: "/clauses", tag: tagFind, id: "clauses", keep: never, add: get((*server).clauses),
			summary: "找条文", detail: "用一句问话找相关的条文。"},
		{path: "/suggest", tag: tagFind, id: "suggest", keep: whileIndexed, add: get((*server).suggest),
			summary: "输入提示", detail: "补全标题、单位名称、任务和文号。"},

		{path: "/publications", tag: tagRead, id: "publications", add: get((*server).publications),
			summary: "公开信息列表", detail: "新的在前。用 next 翻页，翻页途中有新发布的也不会重复或遗漏。"},
		{path: "/publications/{id}", tag: tagRead, id: "publication", add: get((*server).publication),
			summary: "一条公开信息", detail: "正文、附件、与其他文件的关系、各个版本、效力。"},
		{path: "/publications/{id}/versions/{no}", tag: tagRead, id: "version", add: addVersion,
			summary: "某一版的原文", detail: "交换格式的一行，逐字节照存；算它的 SHA-256 即可与公布的校验值核对。"},
		{path: "/commitments", tag: tagRead, id: "commitments", add: get((*server).commitments),
			summary: "民生承诺和进展"},
		{path: "/withheld", tag: tagRead, id: "withheld", add: get((*server).withheld),
			summary: "不予公开信息清单", detail: "各单位列入清单的不予公开信息：标题、依据和决定日期，新的在前。"},
		{path: "/kinds", tag: tagRead, id: "kinds", add: get((*server).kinds),
			summary: "信息种类和字段"},

		{path: "/plans", tag: tagDuties, id: "plans", add: get((*server).plans),
			summary: "工作要点和标准目录"},
		{path: "/plans/{id}", tag: tagDuties, id: "plan", add: get((*server).plan),
			summary: "一份计划和它的全部事项"},
		{path: "/tasks", tag: tagDuties, id: "tasks", add: get((*server).tasks),
			summary: "工作要点的任务", detail: "牵头和责任单位照原文，并给出解析后的单位、数量目标和完成情况。"},
		{path: "/obligations", tag: tagDuties, id: "obligations", add: get((*server).obligations),
			summary: "应公开的事项", detail: "工作要点的任务、标准目录的行和法定的事项。"},
		{path: "/obligations/{id}", tag: tagDuties, id: "obligation", add: get((*server).obligation),
			summary: "一个事项"},
		{path: "/duties", tag: tagDuties, id: "duties", add: get((*server).duties),
			summary: "谁该在什么时候公开什么", detail: "事项按单位和期间展开，状态按今天计算。到期日早的在前。"},
		{path: "/duties/{id}", tag: tagDuties, id: "duty", add: get((*server).duty),
			summary: "一项应公开的和它的凭据"},
		{path: "/matrix", tag: tagDuties, id: "matrix", add: get((*server).matrix),
			summary: "公开矩阵", detail: "单位为行，事项或部分为列。"},

		{path: "/units", tag: tagUnits, id: "units", add: get((*server).units),
			summary: "单位目录", detail: "某一天存在的单位，按法定次序。"},
		{path: "/units/{id}", tag: tagUnits, id: "unit", add: get((*server).unit),
			summary: "一个单位", detail: "名称和沿革、前身和继任、应公开的事项。"},
		{path: "/sites", tag: tagUnits, id: "sites", add: get((*server).sites),
			summary: "站点和栏目"},

		{path: "/calendar/due", tag: tagLaw, id: "due", add: get((*server).due),
			summary: "工作日期限到哪天", detail: "逐日列出怎样算出来的。"},
		{path: "/calendar/{date}", tag: tagLaw, id: "calendar", add: get((*server).calendarDay),
			summary: "某一天是不是工作日"},

		{path: "/ledger", tag: tagBulk, id: "ledger", keep: never, add: get((*server).ledger),
			summary: "公开变动的流水", detail: "只有序号、时间、种类和对象，供镜像跟踪：记住 next，定时再来取。"},
		{path: "/bulk", tag: tagBulk, id: "bulk", keep: never, add: get((*server).bulk),
			summary: "批量文件列表"},
	}
}
