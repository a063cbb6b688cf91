package drafting

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"gongkai/internal/fault"
	"gongkai/internal/law"
)

// guards give the reason why a step is not taken, with the way on; "" where
// nothing stands against it.
var guards = map[string]func(sit *situation, ctx context.Context) (why string, err error){
	guardSaved:       (*situation).savedAll,
	guardChecks:      func(sit *situation, ctx context.Context) (string, error) { return sit.noneOpen(ctx, false) },
	guardUrgent:      func(sit *situation, ctx context.Context) (string, error) { return sit.noneOpen(ctx, true) },
	guardFindings:    func(sit *situation, _ context.Context) (string, error) { return sit.resolved(), nil },
	guardNotAuthor:   func(sit *situation, _ context.Context) (string, error) { return sit.notAuthor(), nil },
	guardNotReviewer: func(sit *situation, _ context.Context) (string, error) { return sit.notReviewer(), nil },
	guardDecided:     (*situation).decided,
	guardTimed: func(sit *situation, _ context.Context) (string, error) {
		return reasonIf(sit.d.PublishAt.IsZero(), "没有设定发布时间，不用取消。"), nil
	},
	guardOwed: func(sit *situation, _ context.Context) (string, error) {
		return reasonIf(!sit.d.Emergency.Owed(), "这份信息不欠补签：它不是紧急发布的，或者已经补签。"), nil
	},
	guardNotFirst: func(sit *situation, _ context.Context) (string, error) {
		return reasonIf(sit.d.Emergency != nil && sit.d.Emergency.By == sit.who.Actor(), "紧急发布是您决定的，补签要由另一位有签发权限的人来做。"), nil
	},
	guardAlone: (*situation).alone,
}

func reasonIf(stands bool, why string) string {
	if stands {
		return why
	}
	return ""
}

// savedAll wants the person's own unsaved text to be in the revision.
func (sit *situation) savedAll(ctx context.Context) (string, error) {
	var text string
	err := sit.tx.Row(ctx, "select line from drafting_autosaves where draft_id = ? and actor = ?", []any{sit.d.ID, sit.who.Actor()}, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	mine, err := decodeLine(text)
	if err != nil {
		return "", err
	}
	settled, err := sit.s.settleLine(ctx, sit.tx, sit.who, &Draft{SourceID: sit.d.SourceID, RecordID: sit.d.RecordID, UnitID: sit.d.UnitID}, mine)
	if fault.KindOf(err) == fault.Forbidden {
		return "您还有没保存的修改，请先保存或放弃它。", nil
	}
	if err != nil {
		return "", err
	}
	have, err := revisionLine(ctx, sit.tx, sit.d.ID, sit.d.Revision)
	if err != nil {
		return "", err
	}
	a, err := encodeLine(settled)
	if err != nil {
		return "", err
	}
	b, err := encodeLine(have)
	return reasonIf(a != b, "您还有没保存的修改，请先保存或放弃它。"), err
}

// noneOpen wants all checks that must be kept to be kept; in an emergency only
// those that always must.
func (sit *situation) noneOpen(ctx context.Context, emergency bool) (string, error) {
	checks, err := sit.allChecks(ctx)
	if err != nil {
		return "", err
	}
	var first string
	n := 0
	for _, c := range checks {
		if c.Level != Must || c.Code == codeFinding || emergency && !c.Always {
			continue
		}
		if n++; first == "" {
			first = c.Public()
		}
	}
	if n == 0 {
		return "", nil
	}
	return fmt.Sprintf("还有 %d 项必须改正，例如：%s", n, first), nil
}

func (sit *situation) resolved() string {
	return reasonIf(sit.d.Findings > 0, fmt.Sprintf("隐私检查发现的 %d 处还没有处理。请逐处遮盖、删去，或者写明理由放行。", sit.d.Findings))
}

func (sit *situation) notAuthor() string {
	return reasonIf(slices.Contains(sit.d.Editors, sit.who.Actor()), "您写过这份稿件，这一步要由没有写过它的同事来做。")
}

func (sit *situation) notReviewer() string {
	return reasonIf(sit.d.Reviewer != "" && sit.d.Reviewer == sit.who.Actor(), "您是这份稿件的内容审核人，保密审查要由另一位同事来做。")
}

// decided wants a decision to disclose this very revision.
func (sit *situation) decided(ctx context.Context) (string, error) {
	last, err := lastDecision(ctx, sit.tx, sit.d)
	ok := last != nil && last.Revision == sit.d.Revision && last.Outcome.discloses()
	return reasonIf(!ok, "这一版还没有可以公开的保密审查决定。请退回，重新走保密审查。"), err
}

func (sit *situation) alone(ctx context.Context) (string, error) {
	if sit.d.RecordID == 0 {
		return "", nil
	}
	other, err := openDraftOf(ctx, sit.tx, sit.d.RecordID)
	return reasonIf(other != 0 && other != sit.d.ID, fmt.Sprintf("同一条信息的另一份稿件（编号 %d）正在办，请用那一份，或先把它作废。", other)), err
}

func otherDraft() error {
	return fault.New(fault.Conflict, "draft_alone", "同一条信息已有另一份稿件在办，请用那一份，或先把它作废。")
}

// needs give what is missing in the input, "" where nothing is.
var needs = map[string]func(sit *situation) (why string){
	needReason: func(sit *situation) string {
		return reasonIf(sit.in.Reason == "", "请写明理由。")
	},
	needRemark: func(sit *situation) string {
		return reasonIf(sit.in.Reason == "" && sit.d.Remarks == 0, "退回要让人知道改什么：请先在文中写下至少一条意见，或者写明退回的理由。")
	},
	needConfirmed: func(sit *situation) string {
		return reasonIf(!sit.in.Confirmed, "这一步要再次验证您的身份：请输入密码或动态验证码后再做。")
	},
	needDecision:    (*situation).missingDecision,
	needGround:      (*situation).missingGround,
	needReexamineOn: (*situation).missingReexamination,
	needTime: func(sit *situation) string {
		return reasonIf(!sit.in.PublishAt.After(sit.tx.Now), "发布时间要在现在以后。要马上公开，请用“发布”。")
	},
}

func (sit *situation) missingDecision() string {
	switch in := sit.in; {
	case in.Outcome == Partly:
		if _, ok := law.Grounds().Get(in.Ground); !ok || in.Reason == "" {
			return "部分公开要写明不公开那部分的依据（条例第十四条至第十六条）和理由。"
		}
	case in.Outcome != Open:
		return "请选保密审查的结论：公开，或者部分公开。不公开的用“不予公开”，定不下来的用“报上级确定”。"
	}
	if t := sit.in.PublishAt; !t.IsZero() && !t.After(sit.tx.Now) {
		return "发布时间要在现在以后。要马上公开，请不填时间。"
	}
	return ""
}

func (sit *situation) missingGround() string {
	if _, ok := law.Grounds().Get(sit.in.Ground); !ok {
		return "不予公开要选明依据（条例第十四条至第十六条等）。"
	}
	return reasonIf(sit.in.Reason == "", "不予公开要写明理由：为什么这份信息属于所选的情形。")
}

// maxReexamination bounds how far off the day may lie on which something
// withheld is looked at again, in years.
const maxReexamination = 10

func (sit *situation) missingReexamination() string {
	on, today := sit.in.ReexamineOn, sit.tx.Today()
	return reasonIf(!on.After(today) || on.After(today.AddMonths(12*maxReexamination)),
		fmt.Sprintf("请填复审日期：在今天以后、%d 年以内。不予公开的信息要定期评估，情况变化了就公开（条例第十八条）。", maxReexamination))
}
