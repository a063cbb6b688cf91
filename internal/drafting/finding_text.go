package drafting

import (
	"context"

	"gongkai/internal/fault"
	"gongkai/internal/privacy"
)

// FindingText is what a finding is about, unmasked, for those who work on the
// draft and have to decide. It is read from the text or file anew and is
// nowhere kept; whoever shows it journals that (access.Store.Look). What has no
// text, such as a hidden sheet, gives "".
func (s *Store) FindingText(ctx context.Context, who Who, id, findingID int64) (text string, err error) {
	defer fault.Wrap(&err, "drafting.FindingText(%d, %d)", id, findingID)
	d, err := s.Draft(ctx, who, id)
	if err != nil {
		return "", err
	}
	if err := mayTalk(who, d.UnitID); err != nil {
		return "", err
	}
	f, err := s.finding(ctx, who, id, findingID)
	if err != nil {
		return "", err
	}
	found, err := s.scanAgain(ctx, who, &d, f.FileID)
	if err != nil {
		return "", err
	}
	for _, again := range found {
		if again.Key == f.Key {
			return again.Match, nil
		}
	}
	return "", fault.New(fault.NotFound, "finding_unknown", "这一处已经不在稿件里了，请刷新页面。")
}

// scanAgain looks at a file of the draft, or with 0 at its text.
func (s *Store) scanAgain(ctx context.Context, who Who, d *Draft, fileID int64) ([]privacy.Finding, error) {
	today := s.DB.Clock().Today()
	if fileID == 0 {
		line, err := s.RevisionLine(ctx, who, d.ID, d.Revision)
		if err != nil {
			return nil, err
		}
		k, _ := s.Records.Kinds.Get(line.Kind)
		return s.Gate.ScanLine(line, k, today), nil
	}
	file, data, err := s.fileData(ctx, who, d.ID, fileID)
	if err != nil {
		return nil, err
	}
	taken, err := s.Gate.TakeFile(ctx, file.Name, data, today)
	return taken.Findings, err
}
