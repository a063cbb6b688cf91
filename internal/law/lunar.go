package law

import (
	"time"

	"gongkai/internal/civil"
)

// Columns of lunarDays.
const (
	springFestival = iota // 正月初一
	clearBright           // 清明
	dragonBoat            // 五月初五
	midAutumn             // 八月十五
)

// firstLunarYear is the year of the first row of lunarDays.
const firstLunarYear = 2007

// lunarDays gives, for each year from firstLunarYear on, the festivals that
// the Gregorian calendar does not fix, as month×100+day. A table and not a
// library: four facts a year, checked against every notice that exists.
var lunarDays = [...][4]int{
	{218, 405, 619, 925},  // 2007
	{207, 404, 608, 914},  // 2008
	{126, 404, 528, 1003}, // 2009
	{214, 405, 616, 922},  // 2010
	{203, 405, 606, 912},  // 2011
	{123, 404, 623, 930},  // 2012
	{210, 404, 612, 919},  // 2013
	{131, 405, 602, 908},  // 2014
	{219, 405, 620, 927},  // 2015
	{208, 404, 609, 915},  // 2016
	{128, 404, 530, 1004}, // 2017
	{216, 405, 618, 924},  // 2018
	{205, 405, 607, 913},  // 2019
	{125, 404, 625, 1001}, // 2020
	{212, 404, 614, 921},  // 2021
	{201, 405, 603, 910},  // 2022
	{122, 405, 622, 929},  // 2023
	{210, 404, 610, 917},  // 2024
	{129, 404, 531, 1006}, // 2025
	{217, 405, 619, 925},  // 2026
	{206, 405, 609, 915},  // 2027
	{126, 404, 528, 1003}, // 2028
	{213, 404, 616, 922},  // 2029
	{203, 405, 605, 912},  // 2030
	{123, 405, 624, 1001}, // 2031
	{211, 404, 612, 919},  // 2032
	{131, 404, 601, 908},  // 2033
	{219, 405, 620, 927},  // 2034
	{208, 405, 610, 916},  // 2035
	{128, 404, 530, 1004}, // 2036
	{215, 404, 618, 924},  // 2037
	{204, 405, 607, 913},  // 2038
	{124, 405, 527, 1002}, // 2039
	{212, 404, 614, 920},  // 2040
	{201, 404, 603, 910},  // 2041
	{122, 404, 622, 928},  // 2042
	{210, 405, 611, 917},  // 2043
	{130, 404, 531, 1005}, // 2044
	{217, 404, 619, 925},  // 2045
	{206, 404, 608, 915},  // 2046
	{126, 405, 529, 1004}, // 2047
	{214, 404, 615, 922},  // 2048
	{202, 404, 604, 911},  // 2049
	{123, 404, 623, 930},  // 2050
}

// lunar is a festival of lunarDays; not known outside the table.
func lunar(column int) func(int) (civil.Date, bool) {
	return func(year int) (civil.Date, bool) {
		row := year - firstLunarYear
		if row < 0 || row >= len(lunarDays) {
			return civil.Date{}, false
		}
		md := lunarDays[row][column]
		return civil.On(year, time.Month(md/100), md%100), true
	}
}
