package privacy

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/enums"
	"github.com/klippa-app/go-pdfium/references"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/klippa-app/go-pdfium/structs"

	"gongkai/internal/fault"
)

// Box is a rectangle of a page to be blacked out.
type Box struct {
	Page       int     // from 1
	X, Y, W, H float64 // points (1/72 inch) from the upper left corner of the page as shown
	Ground, By string  // why, in words, and who decided; readable on the box
}

// Redact blacks boxes out. Their pages become pictures, so that nothing lies
// beneath; on each box stands an annotation with its ground and who decided.
// The file is built anew from its pages: properties, bookmarks, attachments
// and scripts stay behind.
func Redact(ctx context.Context, data []byte, boxes []Box) ([]byte, error) {
	plan := pdfPlan{boxes: boxes, pictures: map[int]bool{}, bare: map[int]bool{}, anew: true}
	for _, b := range boxes {
		plan.pictures[b.Page] = true
	}
	return buildPDF(ctx, data, plan)
}

func maskPDF(ctx context.Context, name string, data []byte, w wants) ([]byte, error) {
	f, err := readPDF(ctx, namesOf(name, ""), data, Options{}, w.marked())
	if err != nil {
		return nil, err
	}
	if err := w.mend(f.traces); err != nil {
		return nil, err
	}
	if !f.plan.anew {
		out, _, err := cleanPDF(ctx, data)
		return out, err
	}
	return buildPDF(ctx, data, f.plan)
}

// buildPDF makes a new file of the pages of data, and cleans it.
func buildPDF(ctx context.Context, data []byte, plan pdfPlan) ([]byte, error) {
	out, err := assemblePDF(ctx, data, plan)
	if err != nil {
		return nil, err
	}
	out, _, err = cleanPDF(ctx, out)
	return out, err
}

func assemblePDF(ctx context.Context, data []byte, plan pdfPlan) ([]byte, error) {
	var out []byte
	err := withPDF(ctx, func(worker pdfium.Pdfium) error {
		from, err := openPDF(worker, data)
		if err != nil {
			return err
		}
		count, err := worker.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: from})
		if err != nil {
			return err
		}
		if err := plan.check(count.PageCount); err != nil {
			return err
		}
		to, err := worker.FPDF_CreateNewDocument(&requests.FPDF_CreateNewDocument{})
		if err != nil {
			return err
		}
		b := pdfBuilder{worker, from, to.Document, plan}
		for i := range count.PageCount {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := b.page(i); err != nil {
				return err
			}
		}
		saved, err := worker.FPDF_SaveAsCopy(&requests.FPDF_SaveAsCopy{Document: to.Document, Flags: requests.SaveFlagNoIncremental})
		if err == nil {
			out = slices.Clone(*saved.FileBytes)
		}
		return err
	})
	return out, err
}

func (p pdfPlan) check(pages int) error {
	for _, b := range p.boxes {
		if b.Page < 1 || b.Page > pages {
			return fault.New(fault.Invalid, "redact_page", "文件只有 %d 页，没有第 %d 页。请核对要遮盖的位置。", pages, b.Page)
		}
		if !(b.W > 0 && b.H > 0) {
			return fault.New(fault.Invalid, "redact_box", "第 %d 页有一处要遮盖的区域没有大小。请重新框选。", b.Page)
		}
	}
	return nil
}

type pdfBuilder struct {
	worker   pdfium.Pdfium
	from, to references.FPDF_DOCUMENT
	plan     pdfPlan
}

// page adds page i, from 0: as it is, or as a picture.
func (b pdfBuilder) page(i int) error {
	if b.plan.pictures[i+1] {
		return b.picture(i)
	}
	_, err := b.worker.FPDF_ImportPagesByIndex(&requests.FPDF_ImportPagesByIndex{Source: b.from, Destination: b.to, PageIndices: []int{i}, Index: i})
	if err != nil || !b.plan.bare[i+1] {
		return err
	}
	page := requests.Page{ByIndex: &requests.PageByIndex{Document: b.to, Index: i}}
	n, err := b.worker.FPDFPage_GetAnnotCount(&requests.FPDFPage_GetAnnotCount{Page: page})
	if err != nil {
		return err
	}
	for k := n.Count - 1; k >= 0; k-- {
		if _, err := b.worker.FPDFPage_RemoveAnnot(&requests.FPDFPage_RemoveAnnot{Page: page, Index: k}); err != nil {
			return err
		}
	}
	return nil
}

const (
	pictureDPI     = 200
	picturePixels  = 24_000_000 // of one page; larger pages are drawn coarser
	pictureQuality = 85
)

// picture adds page i as a picture with its boxes blacked out.
func (b pdfBuilder) picture(i int) error {
	from := requests.Page{ByIndex: &requests.PageByIndex{Document: b.from, Index: i}}
	size, err := b.worker.GetPageSize(&requests.GetPageSize{Page: from})
	if err != nil {
		return err
	}
	if err := b.drawable(from, i+1); err != nil {
		return err
	}
	dpi := min(pictureDPI, 72*math.Sqrt(picturePixels/max(1, size.Width*size.Height)))
	flags := enums.FPDF_RENDER_FLAG_REVERSE_BYTE_ORDER
	if !b.plan.bare[i+1] {
		flags |= enums.FPDF_RENDER_FLAG_ANNOT
	}
	shown, err := b.worker.RenderPageInDPI(&requests.RenderPageInDPI{Page: from, DPI: int(dpi), RenderFlags: flags})
	if err != nil {
		return err
	}
	jpg, err := b.blacken(i+1, shown.Result.RenderedImage, size.Width)
	shown.Cleanup()
	if err != nil {
		return err
	}
	page, err := b.worker.FPDFPage_New(&requests.FPDFPage_New{Document: b.to, PageIndex: i, Width: size.Width, Height: size.Height})
	if err != nil {
		return err
	}
	to := requests.Page{ByReference: &page.Page}
	if err := b.insert(to, jpg, size.Width, size.Height); err != nil {
		return err
	}
	if err := b.annotate(to, i+1, size.Height); err != nil {
		return err
	}
	_, err = b.worker.FPDF_ClosePage(&requests.FPDF_ClosePage{Page: page.Page})
	return err
}

// drawable tells whether every Chinese character of a page has a shape: where
// its font is not in the file, the picture would be blank.
func (b pdfBuilder) drawable(page requests.Page, number int) error {
	text, err := b.worker.GetPageTextStructured(&requests.GetPageTextStructured{Page: page, Mode: requests.GetPageTextStructuredModeChars})
	if err != nil {
		return err
	}
	for _, c := range text.Chars {
		r, _ := utf8.DecodeRuneInString(c.Text)
		if isHan(r) && r != '一' && abs(c.PointPosition.Top-c.PointPosition.Bottom) < 0.1 {
			return fault.New(fault.Invalid, "pdf_fonts", "第 %d 页的字体没有嵌入文件，遮盖时无法照原样画出。请用办公软件重新导出 PDF（勾选“嵌入字体”）再交，或交 DOCX 原件。", number)
		}
	}
	return nil
}

// blacken draws a page's boxes and encodes it.
func (b pdfBuilder) blacken(page int, shown image.Image, width float64) ([]byte, error) {
	canvas := image.NewRGBA(shown.Bounds())
	draw.Draw(canvas, canvas.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(canvas, canvas.Bounds(), shown, shown.Bounds().Min, draw.Over)
	scale := float64(canvas.Bounds().Dx()) / width
	for _, x := range b.plan.boxes {
		if x.Page == page {
			r := image.Rect(int(math.Floor(x.X*scale)), int(math.Floor(x.Y*scale)), int(math.Ceil((x.X+x.W)*scale)), int(math.Ceil((x.Y+x.H)*scale)))
			draw.Draw(canvas, r, image.NewUniform(color.Black), image.Point{}, draw.Src)
		}
	}
	var out bytes.Buffer
	err := jpeg.Encode(&out, canvas, &jpeg.Options{Quality: pictureQuality})
	return out.Bytes(), err
}

func (b pdfBuilder) insert(page requests.Page, jpg []byte, width, height float64) error {
	o, err := b.worker.FPDFPageObj_NewImageObj(&requests.FPDFPageObj_NewImageObj{Document: b.to})
	if err != nil {
		return err
	}
	if _, err := b.worker.FPDFImageObj_LoadJpegFileInline(&requests.FPDFImageObj_LoadJpegFileInline{ImageObject: o.PageObject, FileData: jpg}); err != nil {
		return err
	}
	fit := structs.FPDF_FS_MATRIX{A: float32(width), D: float32(height)}
	if _, err := b.worker.FPDFPageObj_SetMatrix(&requests.FPDFPageObj_SetMatrix{PageObject: o.PageObject, Transform: fit}); err != nil {
		return err
	}
	if _, err := b.worker.FPDFPage_InsertObject(&requests.FPDFPage_InsertObject{Page: page, PageObject: o.PageObject}); err != nil {
		return err
	}
	_, err = b.worker.FPDFPage_GenerateContent(&requests.FPDFPage_GenerateContent{Page: page})
	return err
}

// annotate puts the ground of each box on it; a page without boxes says in its
// corner that it became a picture.
func (b pdfBuilder) annotate(page requests.Page, number int, height float64) error {
	boxes := slices.DeleteFunc(slices.Clone(b.plan.boxes), func(x Box) bool { return x.Page != number })
	if len(boxes) == 0 {
		return b.mark(page, height, Box{W: 1, H: 1}, 0, "本页已转为图片，图片下没有文字")
	}
	for i, x := range boxes {
		text := "已遮盖"
		if x.Ground != "" {
			text += "，依据：" + x.Ground
		}
		if x.By != "" {
			text += "，决定人：" + x.By
		}
		if err := b.mark(page, height, x, i+1, text); err != nil {
			return err
		}
	}
	return nil
}

// mark puts one annotation on a page.
func (b pdfBuilder) mark(page requests.Page, height float64, x Box, n int, text string) error {
	a, err := b.worker.FPDFPage_CreateAnnot(&requests.FPDFPage_CreateAnnot{Page: page, Subtype: enums.FPDF_ANNOT_SUBTYPE_SQUARE})
	if err != nil {
		return err
	}
	rect := structs.FPDF_FS_RECTF{Left: float32(x.X), Right: float32(x.X + x.W), Top: float32(height - x.Y), Bottom: float32(height - x.Y - x.H)}
	if _, err := b.worker.FPDFAnnot_SetRect(&requests.FPDFAnnot_SetRect{Annotation: a.Annotation, Rect: rect}); err != nil {
		return err
	}
	for _, v := range [][2]string{{"NM", redactionMark + "-" + strconv.Itoa(n)}, {"Contents", text}} {
		if _, err := b.worker.FPDFAnnot_SetStringValue(&requests.FPDFAnnot_SetStringValue{Annotation: a.Annotation, Key: v[0], Value: v[1]}); err != nil {
			return err
		}
	}
	_, err = b.worker.FPDFPage_CloseAnnot(&requests.FPDFPage_CloseAnnot{Annotation: a.Annotation})
	return err
}
