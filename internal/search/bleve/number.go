package bleve

import (
	"regexp"

	"gongkai/internal/document"
)

// numberTerms are the terms by which a document number is found: its key, and
// the key without the issuer's word, for who knows only 〔2021〕9号.
func numberTerms(printed string) []string {
	n, err := document.ParseNumber(printed)
	if err != nil {
		return nil
	}
	terms := []string{n.Key()}
	if short := shortKey(n); short != terms[0] {
		terms = append(terms, short)
	}
	return terms
}

// shortKey is the key without the issuer's word.
func shortKey(n document.Number) string {
	n.Word = ""
	return n.Key()
}

// bareNumber is a number without the issuer's word, in folded text: (2021)9号,
// 2021年第9号, 第711号.
var bareNumber = regexp.MustCompile(`(?:\(?(\d{4})\)?年?)?第?(\d{1,5})号`)

// numbersAsked are the terms of the document numbers in a query: whole ones
// and, where there are none, bare ones.
func numbersAsked(text string) (whole, bare []string) {
	for _, f := range document.FindNumbers(text) {
		if f.Number.Word != "" {
			whole = append(whole, f.Number.Key())
		}
		bare = append(bare, shortKey(f.Number))
	}
	if len(bare) > 0 {
		return whole, bare
	}
	for _, m := range bareNumber.FindAllStringSubmatch(document.Fold(text), 4) {
		year := m[1]
		if year == "" {
			year = "0"
		}
		bare = append(bare, "("+year+")"+m[2])
	}
	return whole, bare
}
