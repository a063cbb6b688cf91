package sim

import (
	"fmt"
	"strconv"
	"time"

	"gongkai/internal/civil"
	"gongkai/internal/publication"
)

// indicators are what the monthly statistics tell: what a month brings, and
// how fast it grows.
var indicators = []struct {
	name      string
	monthly   int // in tenths of a 亿元
	low, high int // growth in tenths of a per cent
}{
	{"规模以上工业增加值", 420, 70, 105},
	{"固定资产投资", 1290, 80, 112},
	{"社会消费品零售总额", 730, 90, 160},
	{"进出口总额", 280, 120, 240},
	{"一般公共预算地方收入", 118, 70, 120},
	{"金融机构各项存款余额新增", 215, 60, 95},
}

// writeStatistics adds what the statistical office tells each month (条例第二
// 十条第（四）项).
func (p *player) writeStatistics() error {
	for month := time.February; month < time.December; month++ {
		type row struct{ Name, Amount, Growth string }
		var rows []row
		for _, in := range indicators {
			d := newDice(p.seed, "statistics", in.name, strconv.Itoa(int(month)))
			amount := in.monthly*int(month) + d.between(-in.monthly/20, in.monthly/20)
			rows = append(rows, row{in.name + "（亿元）", tenths(amount), tenths(d.between(in.low, in.high))})
		}
		span := fmt.Sprintf("2021年1—%d月", month)
		text, err := p.series.render("statistics", map[string]any{"Span": span, "Rows": rows})
		if err != nil {
			return err
		}
		table := [][]string{{"指标", "绝对量", "同比增长（%）"}}
		for _, r := range rows {
			table = append(table, []string{r.Name, r.Amount, r.Growth})
		}
		data, err := csvFile(table)
		if err != nil {
			return err
		}
		at := p.on(civil.On(2021, month+1, 19), "statistics")
		p.publish(at, &publication.Line{
			SourceID: "tj:2021-" + fmt.Sprintf("%02d", month), Kind: "notice", Unit: "市统计局", Title: span + "全市经济运行主要指标", IssuedOn: civil.DateOf(at),
			Category: "统计信息", Keywords: []string{"统计数据", "经济运行"}, Statutory: "20-4", Body: text, Fields: publication.Fields{"theme": "统计信息"},
		}, files{span + "主要指标.csv": data})
	}
	return nil
}

// tenths prints a number of tenths.
func tenths(n int) string { return strconv.FormatFloat(float64(n)/10, 'f', 1, 64) }
