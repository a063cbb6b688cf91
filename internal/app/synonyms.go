package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gongkai/internal/fault"
)

// synonymsFile is the list of words that mean the same, which staff may keep
// in the data folder: one group a line, words divided by blanks or 、, and
// remarks after #.
const synonymsFile = "synonyms.txt"

// synonyms gives the engine the staff's list; without the file there is none.
func (a *App) synonyms(ctx context.Context) error {
	path := filepath.Join(a.cfg.Data, synonymsFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return a.engine.SetSynonyms(ctx, nil)
	}
	if err != nil {
		return fault.New(fault.Unavailable, "synonyms_read", "读不了同义词表，请检查权限。").At("%s", path).Because(err)
	}
	groups, err := parseSynonyms(string(text))
	if e, ok := fault.Of(err); ok {
		return e.At("%s %s", path, e.Place)
	}
	return a.engine.SetSynonyms(ctx, groups)
}

// parseSynonyms reads the groups of a list. A group of one word is a mistake.
func parseSynonyms(text string) (groups [][]string, err error) {
	n := 0
	for line := range strings.Lines(text) {
		n++
		line, _, _ = strings.Cut(strings.TrimPrefix(line, "\ufeff"), "#")
		words := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \t\r\n、，,　=", r) })
		switch len(words) {
		case 0:
		case 1:
			return nil, fault.New(fault.Invalid, "synonyms_one", "这一行只有一个词“%s”；每行写两个以上意思相同的词，用空格或顿号隔开。", words[0]).At("第%d行", n)
		default:
			groups = append(groups, words)
		}
	}
	return groups, nil
}
