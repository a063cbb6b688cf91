package desk

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/drafting"
	"gongkai/internal/publication"
)

// A record is withdrawn with a reason and words for readers, by those who may,
// and comes back as it was.
func TestRecordEnds(t *testing.T) {
	c := newRoom(t).crew()
	d := c.public("关于停水的通知")
	page, do := recordWay(d.RecordID), recordWay(d.RecordID)+"/do"
	c.editor.get("/desk/records").wants(http.StatusOK, "关于停水的通知", "已公开")
	c.editor.get(page).wants(http.StatusOK, "首次公开", "更正", "撤下、归档等", "保密审查决定")
	c.outsider.get(page).wants(http.StatusForbidden)
	c.editor.post(do, "act", "withdraw", "reason", "error", "note", "日期写错").wants(http.StatusForbidden)
	c.outsider.post(do, "act", "withdraw", "reason", "error", "note", "日期写错").wants(http.StatusForbidden)
	c.signer.post(do, "act", "withdraw", "reason", "error").wants(http.StatusUnprocessableEntity, "给读者看的说明")
	c.signer.post(do, "act", "withdraw", "reason", "mood", "note", "不想要了").wants(http.StatusUnprocessableEntity, "没有“mood”这种撤下理由", "不想要了")
	c.signer.post(do, "act", "replace", "by", "abc", "note", "有新的").wants(http.StatusUnprocessableEntity, "公开页面地址 /d/")
	c.signer.post(do, "act", "delete", "note", "删").wants(http.StatusUnprocessableEntity, "没有“delete”这个动作")
	c.signer.post(do, "act", "withdraw", "reason", "error", "note", "日期写错").wants(http.StatusSeeOther)
	c.signer.get(page).wants(http.StatusOK, "已撤下", "内容有误", "日期写错", "恢复")
	if s := c.signer.get("/desk/records").wants(http.StatusOK); strings.Contains(s.Body, "停水") {
		t.Error("a withdrawn record stands among the public ones")
	}
	c.signer.get("/desk/records?what=gone&q=停水").wants(http.StatusOK, "关于停水的通知", "已撤下")
	if s := c.outsider.get("/desk/records?what=gone").wants(http.StatusOK); strings.Contains(s.Body, "停水") {
		t.Error("another unit sees what was withdrawn")
	}
	c.signer.post(do, "act", "restore", "note", "核对无误").wants(http.StatusSeeOther)
	c.signer.post(do, "act", "archive", "note", "办结").wants(http.StatusSeeOther)
	c.signer.get("/desk/records?what=archived").wants(http.StatusOK, "关于停水的通知")
	c.signer.get("/desk/records?what=never").wants(http.StatusNotFound)
	c.signer.get("/desk/records?what=due").wants(http.StatusOK, "没有到归档时间的信息")
}

func TestRecordIsReplaced(t *testing.T) {
	c := newRoom(t).crew()
	old, fresh := c.public("旧通知"), c.public("新通知")
	c.signer.post(recordWay(old.RecordID)+"/do", "act", "replace", "by", fmt.Sprint(fresh.RecordID), "note", "以新的为准").wants(http.StatusSeeOther)
	c.signer.get(recordWay(old.RecordID)).wants(http.StatusOK, "由《新通知》代替")
}

// What leans on a text that was amended is looked at by somebody of its unit,
// who says what came of it.
func TestFlagIsReviewed(t *testing.T) {
	c := newRoom(t).crew()
	put := func(l *publication.Line) (id int64) {
		check(t, c.DB.Update(t.Context(), func(tx *db.Tx) error {
			r, err := c.Publications.Put(t.Context(), tx, l, publication.PutOptions{Actor: "test"})
			id = r.ID
			return err
		}))
		return id
	}
	body := publication.Body{Format: "text", Text: "第一条 为了测试，制定本办法。"}
	put(&publication.Line{SourceID: "policy", Kind: "policy", Unit: "市教育局", Title: "招生办法", IssuedOn: civil.MustDate("2020-03-01"), Body: body})
	about := put(&publication.Line{SourceID: "about", Kind: "interpretation", Unit: "市教育局", Title: "招生办法解读", IssuedOn: civil.MustDate("2020-03-02"), Body: body,
		Relations: []publication.RelationLine{{Type: publication.Interprets, Target: "policy"}}})
	put(&publication.Line{SourceID: "change", Kind: "policy", Unit: "市教育局", Title: "关于修改招生办法的决定", IssuedOn: civil.MustDate("2021-10-08"), Body: body,
		Relations: []publication.RelationLine{{Type: publication.Amends, Target: "policy"}}})
	c.editor.get("/desk/records?what=flags").wants(http.StatusOK, "招生办法解读")
	page := c.editor.get(recordWay(about)).wants(http.StatusOK, "核对过了").Body
	_, form, _ := strings.Cut(page, recordWay(about)+"/flags/")
	at := recordWay(about) + "/flags/" + form[:strings.Index(form, `"`)]
	c.outsider.post(at, "note", "看过").wants(http.StatusForbidden)
	c.editor.post(at).wants(http.StatusUnprocessableEntity, "请写一句核对的结果")
	c.editor.post(at, "note", "不受影响").wants(http.StatusSeeOther)
	c.editor.get(recordWay(about)).wants(http.StatusOK, "核对：不受影响")
	c.editor.post(at, "note", "再看").wants(http.StatusNotFound)
	c.editor.get("/desk/records?what=flags").wants(http.StatusOK, "没有要核对的信息")
}

// What is withheld stays in the register; the reviewer says whether the public
// may know of it, and decides again when the day comes.
func TestWithheldRegister(t *testing.T) {
	c := newRoom(t).crew()
	withhold := func(title, ground string) drafting.Draft {
		d := c.editor.begin(title)
		c.editor.take(d.ID, drafting.Submit).wants(http.StatusSeeOther)
		c.reviewer.take(d.ID, drafting.Approve).wants(http.StatusSeeOther)
		c.secrecy.take(d.ID, drafting.Withhold, "ground", ground, "reason", "属于这种情形", "reexamine_on", "2022-06-30").wants(http.StatusSeeOther)
		return d
	}
	d, secret := withhold("讨论记录", "E16-2"), withhold("密件", "E14-1")
	page := c.secrecy.get("/desk/withheld").wants(http.StatusOK, "讨论记录", "第十六条第二款", "属于这种情形", "清单不列", "国家秘密的标题也不公布")
	if strings.Count(page.Body, `name="listed"`) != 1 {
		t.Errorf("it says: %s", words(page.Body))
	}
	at := func(d drafting.Draft) string { return fmt.Sprintf("/desk/withheld/%d", d.ID) }
	c.editor.post(at(d), "listed", "1").wants(http.StatusForbidden)
	c.as(access.Secrecy, c.finance).post(at(d), "listed", "1").wants(http.StatusForbidden)
	c.secrecy.post(at(secret), "listed", "1").wants(http.StatusUnprocessableEntity, "国家秘密")
	c.secrecy.post(at(d), "listed", "1").wants(http.StatusSeeOther)
	c.secrecy.get("/desk/withheld").wants(http.StatusOK, "清单列出")
	c.secrecy.get("/desk/withheld?what=due").wants(http.StatusOK, "登记里没有信息")
	if s := c.outsider.get("/desk/withheld").wants(http.StatusOK); strings.Contains(s.Body, "讨论记录") {
		t.Error("another unit reads the register")
	}
	c.secrecy.get(drafting.Path(d.ID)+"?do=release").wants(http.StatusOK, "复审后拟公开", `<details class="act" open>`)
	c.secrecy.take(d.ID, drafting.Release, "reason", "已经议定").wants(http.StatusSeeOther)
	c.secrecy.get("/desk/withheld?what=all").wants(http.StatusOK, "已决定公开")
}
