package sim

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"gongkai/internal/document"
	"gongkai/internal/publication"
)

//go:embed city
var city embed.FS

// separator is the line between the documents of one file.
const separator = "\n%%%\n"

// readDocuments reads the documents that were written out in full. Each is an
// interchange line without its body, in JSON, then the body in Markdown.
func readDocuments() (lines []*publication.Line, err error) {
	names, err := fs.Glob(city, "city/docs/*.md")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := city.ReadFile(name)
		if err != nil {
			return nil, err
		}
		for i, part := range strings.Split(string(text), separator) {
			line, err := readDocument(part)
			if err != nil {
				return nil, fmt.Errorf("%s, document %d: %w", path.Base(name), i+1, err)
			}
			lines = append(lines, line)
		}
	}
	return lines, nil
}

func readDocument(text string) (*publication.Line, error) {
	line := new(publication.Line)
	dec := json.NewDecoder(strings.NewReader(text))
	dec.DisallowUnknownFields()
	dec.UseNumber()
	if err := dec.Decode(line); err != nil {
		return nil, err
	}
	line.Body = markdown(text[dec.InputOffset():])
	return line, nil
}

func markdown(text string) publication.Body {
	return publication.Body{Format: document.Markdown, Text: strings.TrimSpace(text) + "\n"}
}

// readTable reads a table of tab-separated cells; lines that begin with # are
// left out.
func readTable(name string, cells int) (rows [][]string, err error) {
	text, err := city.ReadFile("city/" + name)
	if err != nil {
		return nil, err
	}
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		row := strings.Split(line, "\t")
		if len(row) != cells {
			return nil, fmt.Errorf("%s:%d: %d cells, want %d", name, i+1, len(row), cells)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// splitList takes apart a cell that holds several things.
func splitList(cell string) []string { return strings.Split(cell, "；") }

// readNumbers reads a cell of numbers: 1、2、16.
func readNumbers(cell string) (numbers []int, err error) {
	for word := range strings.SplitSeq(cell, "、") {
		n, err := strconv.Atoi(word)
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, n)
	}
	return numbers, nil
}

// readFulfilments reads which documents fulfil which tasks of the plan.
func readFulfilments() (map[string][]int, error) {
	rows, err := readTable("fulfils.tsv", 2)
	if err != nil {
		return nil, err
	}
	tasks := map[string][]int{}
	for _, row := range rows {
		numbers, err := readNumbers(row[1])
		if err != nil {
			return nil, fmt.Errorf("fulfils.tsv, %s: %w", row[0], err)
		}
		tasks[row[0]] = append(tasks[row[0]], numbers...)
	}
	return tasks, nil
}

// fulfil adds relations to the tasks of the plan.
func fulfil(line *publication.Line, targets ...string) {
	for _, target := range targets {
		if !slices.ContainsFunc(line.Relations, func(r publication.RelationLine) bool { return r.Target == target }) {
			line.Relations = append(line.Relations, publication.RelationLine{Type: publication.Fulfils, Target: target})
		}
	}
}
