package extract

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"gongkai/internal/fault"
)

// readCSV reads rows divided by commas, semicolons or tabs, in UTF-8, UTF-16
// or GB18030. A quotation mark that never closes is an error.
func readCSV(name string, data []byte, limits Limits) (Sheet, error) {
	s := Sheet{Name: strings.TrimSuffix(name, ".csv")}
	text, warnings, err := decodeText(data, "")
	if err != nil {
		return s, err
	}
	s.Warnings = warnings
	r := csv.NewReader(strings.NewReader(text))
	r.Comma = delimiter(text)
	r.FieldsPerRecord = -1
	r.LazyQuotes = false
	r.ReuseRecord = false
	for {
		cells, err := r.Read()
		if err == io.EOF {
			return s, nil
		}
		if err != nil {
			return s, badCSV(err)
		}
		line, _ := r.FieldPos(0)
		if err := s.add(line, cells, limits); err != nil {
			return s, err
		}
	}
}

func badCSV(err error) error {
	var pe *csv.ParseError
	if errors.As(err, &pe) {
		return fault.New(fault.Invalid, "csv_quote", "第 %d 行起引号没有成对，读不下去。单元格里的引号要写两遍，并把整格用引号括起来。", pe.StartLine).Because(err)
	}
	return broken("表格", err)
}

// delimiter is the sign that divides the first line most often.
func delimiter(text string) rune {
	line, _, _ := strings.Cut(text, "\n")
	best, most := ',', 0
	for _, c := range ",\t;" {
		if n := strings.Count(line, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}
