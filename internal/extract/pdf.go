package extract

import (
	"context"
	"fmt"
	"strings"

	"gongkai/internal/extract/pdf"
	"gongkai/internal/fault"
)

// readPDF reads the text of a PDF file. A file of scanned pages has none and
// is refused; pages that are pictures among others are named in a warning.
func readPDF(data []byte, limits Limits) (Document, error) {
	f, err := pdf.Read(context.Background(), data, pdf.Limits{Pages: limits.Pages, Time: limits.Time})
	if err != nil {
		return Document{}, err
	}
	c := countPages(f.Pages)
	if c.glyphs == 0 {
		return Document{}, noText(c, len(f.Pages))
	}
	doc := Document{Blocks: layOut(f.Pages), Pages: len(f.Pages), Warnings: c.warnings()}
	doc.Meta = Meta{Title: f.Meta["Title"], Author: f.Meta["Author"], Created: f.Meta["CreationDate"], Modified: f.Meta["ModDate"], Embedded: f.Embedded}
	if n := len(f.Embedded); n > 0 {
		doc.Warnings = append(doc.Warnings, fmt.Sprintf("文件里另外藏有 %d 个文件（%s），没有取出；公开前请核对。", n, strings.Join(f.Embedded[:min(n, 5)], "、")))
	}
	doc.Title = guessTitle(doc.Blocks)
	return doc, nil
}

// leafCount is what the pages of a file hold.
type leafCount struct {
	glyphs, unknown, lost, slanted, pictures int
	blank                                    []string // numbers of the pages that are only pictures
}

func countPages(pages []leaf) (c leafCount) {
	for i, p := range pages {
		c.glyphs += len(p.Glyphs)
		c.unknown += p.Unknown
		c.lost += p.Lost
		c.slanted += p.Slanted
		c.pictures += p.Pictures
		if len(p.Glyphs) == 0 && p.Pictures > 0 {
			c.blank = append(c.blank, fmt.Sprint(i+1))
		}
	}
	return c
}

func noText(c leafCount, pages int) error {
	switch {
	case c.unknown > 0:
		return fault.New(fault.Invalid, "pdf_unmapped", "文件里的文字没有编码对照，能看不能取。请交生成它的 DOCX 原件，或用办公软件重新导出。")
	case c.pictures > 0:
		return fault.New(fault.Invalid, "pdf_scanned", "这是扫描件（%d 页都是图片），里面没有可取出的文字。请交文字原件；只有纸质件的，先用文字识别软件做成带文字的 PDF 并校对。", pages)
	}
	return fault.New(fault.Invalid, "pdf_empty", "文件里没有文字。请检查是否交错了文件。")
}

func (c leafCount) warnings() []string {
	var out []string
	if n := len(c.blank); n > 0 {
		out = append(out, fmt.Sprintf("第 %s 页是图片，上面的文字没有取出，请补录或核对。", strings.Join(c.blank[:min(n, 20)], "、")))
	} else if c.pictures > 0 {
		out = append(out, fmt.Sprintf("有 %d 幅图片（可能是印章或插图），没有取出。", c.pictures))
	}
	if c.unknown > 0 {
		out = append(out, fmt.Sprintf("有 %d 个字没有编码对照，没有取出，请核对原文。", c.unknown))
	}
	if c.lost > 0 {
		out = append(out, fmt.Sprintf("有 %d 处单独的字没有嵌入字体，没有取出，请核对原文。", c.lost))
	}
	if c.slanted > 0 {
		out = append(out, fmt.Sprintf("有 %d 个斜排或竖排的字（如水印），没有取出。", c.slanted))
	}
	return out
}
