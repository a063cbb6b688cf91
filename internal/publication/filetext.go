package publication

import (
	"context"
	"database/sql"
	"io"
	"slices"
	"strings"

	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/document"
	"gongkai/internal/extract"
	"gongkai/internal/fault"
)

// What is kept of the text of files.
const (
	maxFileRead = 64 << 20  // bytes of a file that is read for its text at all
	maxFileText = 1 << 20   // bytes of text kept of one file
	maxDocFiles = 512 << 10 // bytes of text of all files of a record that its search document takes in
)

// fileReader numbers what extract can read: raised when it has learnt more, so
// that files it could not read before are tried again.
const fileReader = 1

// ReadFiles reads the text of those stored attachments of the records' newest
// versions whose text is not known yet, so that SearchDocs can take it in. It
// works outside of transactions; the same file is read once, whoever has it.
// A file without text, or one that cannot be read, is remembered as such.
func (s *Store) ReadFiles(ctx context.Context, ids []int64) (read int, err error) {
	defer fault.Wrap(&err, "publication.ReadFiles(%d)", len(ids))
	if s.Blobs == nil {
		return 0, nil
	}
	var unread []storedFile
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		newest, err := newestContents(ctx, tx, ids, withFiles)
		if err != nil {
			return err
		}
		unread, err = unreadOf(ctx, tx, newest)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, f := range unread {
		text, problem, err := s.fileText(ctx, f)
		if err != nil {
			return read, err
		}
		if err := s.keepText(ctx, f.hash, text, problem); err != nil {
			return read, err
		}
		read++
	}
	return read, nil
}

// storedFile is an attachment in the store.
type storedFile struct {
	hash blob.Hash
	name string
}

// unreadOf lists the stored files of contents whose text is not known.
func unreadOf(ctx context.Context, tx *db.Tx, contents map[int64]content) ([]storedFile, error) {
	byHash := map[string]storedFile{}
	var hashes []string
	for _, c := range contents {
		for _, f := range c.stored() {
			byHash[string(f.hash)] = f
			hashes = append(hashes, string(f.hash))
		}
	}
	slices.Sort(hashes)
	hashes = slices.Compact(hashes)
	for part := range slices.Chunk(hashes, 500) {
		err := tx.Each(ctx, "select hash from publication_texts where reader >= ? and hash in "+db.In(len(part)), append([]any{fileReader}, db.Args(part)...), func(rows *sql.Rows) error {
			var hash string
			err := rows.Scan(&hash)
			delete(byHash, hash)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	var unread []storedFile
	for _, hash := range hashes {
		if f, ok := byHash[hash]; ok {
			unread = append(unread, f)
		}
	}
	return unread, nil
}

// fileText reads a file. problem says for people why there is no text.
func (s *Store) fileText(ctx context.Context, f storedFile) (text, problem string, err error) {
	r, err := s.Blobs.Open(ctx, f.hash)
	if fault.KindOf(err) == fault.NotFound {
		return "", fault.Public(err), nil
	}
	if err != nil {
		return "", "", err
	}
	defer r.Close()
	if r.Size() > maxFileRead {
		return "", "文件太大，没有读它的文字。", nil
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return "", "", err
	}
	doc, err := extract.Read(f.name, data, extract.Limits{})
	if known, ok := fault.Of(err); ok && known.Kind != fault.Unavailable {
		return "", known.Message, nil
	}
	if err != nil {
		return "", "", err
	}
	return cutText(strings.ToValidUTF8(strings.ReplaceAll(doc.Text(), "\x00", ""), ""), maxFileText), "", nil
}

// cutText is at most the first n bytes of s, cut between characters.
func cutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

func (s *Store) keepText(ctx context.Context, hash blob.Hash, text, problem string) error {
	return s.DB.Update(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `insert into publication_texts (hash, text, problem, reader, read_at) values (?,?,?,?,?)
			on conflict (hash) do update set text = excluded.text, problem = excluded.problem, reader = excluded.reader, read_at = excluded.read_at`,
			string(hash), text, problem, fileReader, db.At(tx.Now))
		return err
	})
}

// content is what of a line goes into the index beside the columns.
type content struct {
	Body        Body
	Attachments []Attachment
}

// withFiles picks the versions that may have files of ours, without decoding
// the others: most texts have none, and some are long.
const withFiles = ` and v.line like '%"attachments":[%"path":"files/%'`

// stored lists the attachments that are files of ours.
func (c content) stored() (list []storedFile) {
	for _, a := range c.Attachments {
		if h, ok := a.Hash(); ok {
			list = append(list, storedFile{h, a.Name})
		}
	}
	return list
}

// fileTexts reads what is known of the text of the files of contents.
func fileTexts(ctx context.Context, tx *db.Tx, contents map[int64]content) (map[blob.Hash]string, error) {
	var hashes []string
	for _, c := range contents {
		for _, f := range c.stored() {
			hashes = append(hashes, string(f.hash))
		}
	}
	slices.Sort(hashes)
	texts := map[blob.Hash]string{}
	for part := range slices.Chunk(slices.Compact(hashes), 100) {
		err := tx.Each(ctx, "select hash, text from publication_texts where text <> '' and hash in "+db.In(len(part)), db.Args(part), func(rows *sql.Rows) error {
			var hash, text string
			err := rows.Scan(&hash, &text)
			texts[blob.Hash(hash)] = text
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return texts, nil
}

// writeFiles adds the text of a record's files to its own, each below its
// name.
func (c content) writeFiles(w *strings.Builder, texts map[blob.Hash]string) {
	left := maxDocFiles
	for _, f := range c.stored() {
		text := cutText(texts[f.hash], left)
		left -= len(text)
		w.WriteString("\n附件：" + f.name + "\n" + text + "\n")
	}
}

// MatchedFile is an attachment whose text holds what somebody searches for.
type MatchedFile struct {
	No      int    // of the attachment, from 1: Path(id) + "/files/" + No
	Name    string // as the record names it
	Excerpt string // some characters around the first match
}

// MatchedFiles tells, for the readable ones among records, the first
// attachment whose text holds all of the words, or the first word where none
// has all.
func (s *Store) MatchedFiles(ctx context.Context, ids []int64, words []string) (found map[int64]MatchedFile, err error) {
	defer fault.Wrap(&err, "publication.MatchedFiles(%d)", len(ids))
	folded := foldedWords(words)
	found = map[int64]MatchedFile{}
	if len(folded) == 0 {
		return found, nil
	}
	err = s.DB.View(ctx, func(tx *db.Tx) error {
		list, err := s.Records(ctx, tx, ids)
		if err != nil {
			return err
		}
		list = slices.DeleteFunc(list, func(r Record) bool { return !r.State.Readable() })
		contents, err := newestContents(ctx, tx, idsOf(list), withFiles)
		if err != nil {
			return err
		}
		texts, err := fileTexts(ctx, tx, contents)
		for id, c := range contents {
			if m, ok := c.matched(texts, folded); ok {
				found[id] = m
			}
		}
		return err
	})
	return found, err
}

func idsOf(list []Record) []int64 {
	ids := make([]int64, len(list))
	for i, r := range list {
		ids[i] = r.ID
	}
	return ids
}

func foldedWords(words []string) (folded []string) {
	for _, w := range words {
		if w = strings.TrimSpace(document.Fold(w)); w != "" {
			folded = append(folded, w)
		}
	}
	return folded
}

// matched finds the attachment that holds most of the words.
func (c content) matched(texts map[blob.Hash]string, words []string) (best MatchedFile, ok bool) {
	most := 0
	for i, a := range c.Attachments {
		h, stored := a.Hash()
		if !stored || texts[h] == "" {
			continue
		}
		if n, excerpt := holds(texts[h], words); n > most {
			most, best = n, MatchedFile{i + 1, a.Name, excerpt}
		}
	}
	return best, most > 0
}

// aroundMatch is the number of characters shown on either side of a match.
const aroundMatch = 30

// holds counts the words in a text; excerpt is about the first of them.
func holds(text string, words []string) (n int, excerpt string) {
	runes, at := document.FoldRunes(text)
	folded := string(runes)
	for _, w := range words {
		i := strings.Index(folded, w)
		if i < 0 {
			continue
		}
		if n++; n == 1 {
			from := len([]rune(folded[:i]))
			to := min(from+len([]rune(w))+aroundMatch, len(runes))
			excerpt = strings.Join(strings.Fields(text[at[max(0, from-aroundMatch)]:at[to]]), " ")
		}
	}
	return n, excerpt
}
