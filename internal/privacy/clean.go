package privacy

import (
	"bytes"
	"context"
)

// Clean strips metadata: who wrote a file, when, where and with what. Text,
// layout and pixels stay as they are; a file that has none is given back as
// the bytes it was, and cleaning twice gives the same bytes as cleaning once.
// removed names what went, in Chinese. What cannot be cleaned (text, old
// formats) is given back unchanged.
func Clean(ctx context.Context, name string, data []byte) (out []byte, removed []string, err error) {
	out, removed, err = clean(ctx, name, data, newBudget(Limits{}))
	return out, removed, at(name, err)
}

func clean(ctx context.Context, name string, data []byte, cost *budget) (out []byte, removed []string, err error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	switch detect(name, data) {
	case DOCX, XLSX, PPTX:
		p, err := openPack(data, cost)
		if err != nil {
			return nil, nil, err
		}
		if removed = p.properties(); len(removed) == 0 {
			return data, nil, nil
		}
		if err := p.clean(); err != nil {
			return nil, nil, err
		}
		out, err = p.bytes()
		return out, removed, err
	case PDF:
		return cleanPDF(ctx, data)
	case JPEG, PNG, GIF:
		out, removed, err = cleanImage(data)
		if err == nil && bytes.Equal(out, data) {
			return data, nil, nil
		}
		return out, removed, err
	case ZIP:
		return cleanArchive(ctx, data, cost)
	}
	return data, nil, nil
}
