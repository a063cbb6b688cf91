package workplan

import (
	"encoding/json"
	"regexp"
	"strings"
)

var (
	// quantity is a number, 万 or 亿, and a measure word that counts what is
	// done. Dates, limits, voltages and document numbers have none of them.
	quantity = regexp.MustCompile(`((?:0|[1-9]\d*)(?:,\d{3})*(?:\.\d+)?)\s?((?:多|余)?(?:万|亿|百万|千万)?(?:余|多)?\s?(?:` +
		`人次|户次|场次|批次|班次|车次|个百分点|百分点|%|‰|平方米|平方公里|立方米|公里|千米|万元|亿元|元|美元|公顷|千瓦时|千瓦|兆瓦|万吨|吨|公斤|千克|` +
		`个|户|例|人|件|项|家|所|座|处|台|套|条|次|期|篇|名|场|批|份|部|张|辆|棵|株|亩|盏|间|栋|幢|床|张床位|只|头|类|种|块|支|组|对|宗|笔|幅|本|册|米))`)
	// notCounted is what may follow a measure word that makes it something else.
	notCounted = regexp.MustCompile(`^(?:月|工作日|小时|星期|自然日|季度|年|交易日|学时|级|日|号|规定|例外|以上政府)`)
	clauseEnd  = ",;。:\n!?"
)

// findTargets lists the numbers that a text promises, each with the clause it
// stands in.
func findTargets(t text) (list []Target) {
	for _, m := range t.find(quantity) {
		from, to := m[0].from, m[0].to
		if t.slice(to, min(t.len(), to+4)).has(notCounted) || !countable(t, from) {
			continue
		}
		list = append(list, Target{
			Text:     clause(t, from, to).String(),
			Quantity: json.Number(strings.ReplaceAll(string(t.key[m[1].from:m[1].to]), ",", "")),
			Unit:     strings.ReplaceAll(t.slice(m[2].from, m[2].to).String(), " ", ""),
		})
	}
	return list
}

// countable tells whether a number that begins at i stands by itself: not in
// an ordinal, a larger number, a Latin word or a document number.
func countable(t text, i int) bool {
	for i > 0 && t.key[i-1] == ' ' {
		i--
	}
	if i == 0 {
		return true
	}
	p := t.key[i-1]
	return !strings.ContainsRune("第.-/~_", p) && !isDigit(p) && !(p >= 'a' && p <= 'z') && !(p >= 'A' && p <= 'Z')
}

// clauseRunes is how far a clause reaches to each side of its number.
const clauseRunes = 80

// clause is the part of the sentence around a number.
func clause(t text, from, to int) text {
	first, last := max(0, from-clauseRunes), min(t.len(), to+clauseRunes)
	thousands := func(i int) bool {
		return t.key[i] == ',' && i > 0 && i+1 < t.len() && isDigit(t.key[i-1]) && isDigit(t.key[i+1])
	}
	for from > first && (!strings.ContainsRune(clauseEnd, t.key[from-1]) || thousands(from-1)) {
		from--
	}
	for to < last && (!strings.ContainsRune(clauseEnd, t.key[to]) || thousands(to)) {
		to++
	}
	return t.slice(from, to).trim("、,;。")
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }
