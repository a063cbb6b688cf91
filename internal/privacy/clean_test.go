package privacy

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"slices"
	"strings"
	"testing"

	"github.com/klippa-app/go-pdfium"
	"github.com/klippa-app/go-pdfium/requests"
	"github.com/xuri/excelize/v2"

	"gongkai/internal/extract"
)

func clean1(t testing.TB, name string, data []byte) ([]byte, []string) {
	t.Helper()
	out, removed, err := Clean(context.Background(), name, data)
	if err != nil {
		t.Fatal(err)
	}
	return out, removed
}

// picture is a picture with something on it.
func picture() image.Image {
	m := image.NewPaletted(image.Rect(0, 0, 40, 30), color.Palette{color.White, color.Black, color.RGBA{200, 30, 30, 255}})
	for i := range m.Pix {
		m.Pix[i] = uint8(i*i%7) % 3
	}
	return m
}

// exif is an APP1 segment that says where a picture was taken, and how the
// camera was held.
func exif(orientation uint16) []byte {
	var t bytes.Buffer
	t.WriteString("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x02")
	for _, e := range [][4]uint16{{0x0112, 3, orientation, 0}, {0x8825, 4, 0, 38}} {
		binary.Write(&t, binary.BigEndian, []uint16{e[0], e[1], 0, 1, e[2], e[3]})
	}
	t.WriteString("\x00\x00\x00\x00GPS 26.4N 111.6E")
	return append(binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(t.Len()+2)), t.Bytes()...)
}

func testJPEG(t testing.TB, orientation uint16) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(), nil); err != nil {
		t.Fatal(err)
	}
	out := slices.Insert(b.Bytes(), 2, exif(orientation)...)
	return append(out, "trailing draft"...)
}

func testPNG(t testing.TB) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, picture()); err != nil {
		t.Fatal(err)
	}
	body := []byte("tEXtAuthor\x00jing ban")
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)-4))
	chunk = binary.BigEndian.AppendUint32(append(chunk, body...), crc32.ChecksumIEEE(body))
	return slices.Insert(b.Bytes(), 33, chunk...)
}

func testGIF(t testing.TB) []byte {
	var b bytes.Buffer
	if err := gif.Encode(&b, picture(), nil); err != nil {
		t.Fatal(err)
	}
	data := b.Bytes()
	at := 13 + colours(data[10])
	return slices.Insert(data, at, []byte("\x21\xfe\x08jing ban\x00")...)
}

// What opened before opens after and shows the same; cleaning twice is
// cleaning once.
func TestCleanHarmsNothing(t *testing.T) {
	id := testID("19800101", 12)
	for _, c := range []struct {
		name    string
		data    []byte
		removed string
		gone    []string
		same    func(t *testing.T, before, after []byte)
	}{
		{"a.docx", richDOCX(t, id), "作者", []string{"经办甲", "w:rsid", `w:author="丙"`}, sameText},
		{"a.xlsx", richXLSX(t, id), "作者", []string{"<dc:creator>戊"}, sameCells},
		{"a.pdf", testPDF(t), "生成软件", []string{"Skia", "HeadlessChrome", "D:20"}, samePages},
		{"b.pdf", pdfOf(t, pdfInfo, "", []pdfLine{{100, 700, "正文"}}), "作者", []string{"Jing Ban", "FEFF540D5355", "Writer"}, samePages},
		{"a.jpg", testJPEG(t, 6), "Exif（含拍摄地点）", []string{"GPS", "draft"}, samePixels},
		{"b.jpg", testJPEG(t, 1), "Exif（含拍摄地点）", []string{"GPS", "Exif"}, samePixels},
		{"a.png", testPNG(t), "文字说明", []string{"jing ban"}, samePixels},
		{"a.gif", testGIF(t), "注释", []string{"jing ban"}, samePixels},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, removed := clean1(t, c.name, c.data)
			if !slices.Contains(removed, c.removed) {
				t.Errorf("removed %q, want %q among them", removed, c.removed)
			}
			for _, g := range c.gone {
				if !lies(t, c.data, g) || lies(t, out, g) {
					t.Errorf("%q should have been there and be gone", g)
				}
			}
			c.same(t, c.data, out)
			again, removed := clean1(t, c.name, out)
			if !bytes.Equal(again, out) || len(removed) > 0 {
				t.Errorf("cleaning again removes %q and changes %d bytes to %d", removed, len(out), len(again))
			}
			if f := byKind(scan(t, c.name, out).Findings); f[Metadata] > 0 {
				t.Error("the clean file still shows metadata")
			}
		})
	}
}

func TestOrientationStays(t *testing.T) {
	out, _ := clean1(t, "a.jpg", testJPEG(t, 6))
	i := bytes.Index(out, []byte("Exif\x00\x00"))
	if i < 0 {
		t.Fatal("how the camera was held is gone: the picture would lie on its side")
	}
	if e := exifTag(out[i+6:], 0x0112); e < 0 || out[i+6+e+9] != 6 {
		t.Error("how the camera was held has changed")
	}
}

func sameText(t *testing.T, before, after []byte) {
	t.Helper()
	a, err := extract.Read("a.docx", before, extract.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := extract.Read("a.docx", after, extract.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if a.Text() != b.Text() || a.Text() == "" {
		t.Errorf("text was %q, is %q", a.Text(), b.Text())
	}
	sameOrder(t, before, after)
}

// sameOrder holds the order of the parts that are left, and that every part is
// of a declared type.
func sameOrder(t *testing.T, before, after []byte) {
	t.Helper()
	was, is := partNames(t, before), partNames(t, after)
	was = slices.DeleteFunc(was, func(n string) bool { return !slices.Contains(is, n) })
	if !slices.Equal(was, is) {
		t.Errorf("parts were %q, are %q", was, is)
	}
	p, err := openPack(after, newBudget(Limits{}))
	if err != nil {
		t.Fatal(err)
	}
	types, err := p.get("[Content_Types].xml")
	if err != nil {
		t.Fatal(err)
	}
	err = walkXML(types, xmlVisitor{open: func(path []node) {
		if n := path[len(path)-1]; n.name == "Override" && !slices.Contains(is, strings.TrimPrefix(n.attr("PartName"), "/")) {
			t.Errorf("the list of types names %s, which is gone", n.attr("PartName"))
		}
	}})
	if err != nil {
		t.Error(err)
	}
}

func partNames(t *testing.T, data []byte) []string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	return names
}

func sameCells(t *testing.T, before, after []byte) {
	t.Helper()
	if a, b := cellsOfBook(t, before), cellsOfBook(t, after); a != b || a == "" {
		t.Errorf("cells were %q, are %q", a, b)
	}
	sameOrder(t, before, after)
}

func cellsOfBook(t *testing.T, data []byte) string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b strings.Builder
	for _, sheet := range f.GetSheetList() {
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			b.WriteString(strings.Join(r, "\t") + "\n")
		}
	}
	return b.String()
}

func samePixels(t *testing.T, before, after []byte) {
	t.Helper()
	a, _, err := image.Decode(bytes.NewReader(before))
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := image.Decode(bytes.NewReader(after))
	if err != nil {
		t.Fatal(err)
	}
	sameImage(t, a, b)
}

func sameImage(t *testing.T, a, b image.Image) {
	t.Helper()
	if a.Bounds() != b.Bounds() {
		t.Fatalf("size was %v, is %v", a.Bounds(), b.Bounds())
	}
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			if a.At(x, y) != b.At(x, y) {
				t.Fatalf("pixel %d,%d was %v, is %v", x, y, a.At(x, y), b.At(x, y))
			}
		}
	}
}

// samePages compares all pages as pictures, and their text.
func samePages(t *testing.T, before, after []byte) {
	t.Helper()
	a, b := pages(t, before, 40), pages(t, after, 40)
	if len(a) != len(b) || len(a) == 0 {
		t.Fatalf("%d pages were there, %d are", len(a), len(b))
	}
	for i := range a {
		if a[i].text != b[i].text {
			t.Errorf("text of page %d was %q, is %q", i+1, a[i].text, b[i].text)
		}
		sameImage(t, a[i].shown, b[i].shown)
	}
}

type shownPage struct {
	text  string
	shown image.Image
}

func pages(t *testing.T, data []byte, dpi int) (out []shownPage) {
	t.Helper()
	err := withPDF(context.Background(), func(worker pdfium.Pdfium) error {
		doc, err := openPDF(worker, data)
		if err != nil {
			return err
		}
		n, err := worker.FPDF_GetPageCount(&requests.FPDF_GetPageCount{Document: doc})
		if err != nil {
			return err
		}
		for i := range n.PageCount {
			page := requests.Page{ByIndex: &requests.PageByIndex{Document: doc, Index: i}}
			text, err := worker.GetPageText(&requests.GetPageText{Page: page})
			if err != nil {
				return err
			}
			shown, err := worker.RenderPageInDPI(&requests.RenderPageInDPI{Page: page, DPI: dpi})
			if err != nil {
				return err
			}
			m := shown.Result.RenderedImage.(*image.RGBA)
			out = append(out, shownPage{text.Text, &image.RGBA{Pix: bytes.Clone(m.Pix), Stride: m.Stride, Rect: m.Rect}})
			shown.Cleanup()
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// A dictionary of properties within a compressed stream is blanked there.
func TestPropertiesWithinObjectStreams(t *testing.T) {
	plain := "6 0 8 33 <</Author(Jing Ban)/Trapped/False>>  <</Length 3>>"
	head := []byte("<</Type/ObjStm/N 2/First 9>>")
	out := []byte(plain)
	blankObjects(out, head, map[string]bool{"6": true})
	if want := "6 0 8 33 <<                 /Trapped/False>>  <</Length 3>>"; string(out) != want {
		t.Errorf("got  %q\nwant %q", out, want)
	}
}

func TestXMPKeepsPDFA(t *testing.T) {
	old := []byte(`<?xpacket begin=""?><x:xmpmeta><rdf:Description pdfaid:part="2" pdfaid:conformance="B"><dc:creator>Jing Ban</dc:creator></rdf:Description></x:xmpmeta>` + strings.Repeat(" ", 400))
	got := string(emptyXMP(old))
	if !strings.Contains(got, `pdfaid:part="2"`) || !strings.Contains(got, `pdfaid:conformance="B"`) || strings.Contains(got, "Jing") {
		t.Errorf("got %s", got)
	}
	if again := emptyXMP([]byte(got)); again != nil {
		t.Errorf("cleaning again gives %s", again)
	}
}
