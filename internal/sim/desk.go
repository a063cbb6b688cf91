package sim

import (
	"context"
	_ "embed"
	"encoding/json"
	"strings"

	"gongkai/internal/access"
	"gongkai/internal/civil"
	"gongkai/internal/db"
	"gongkai/internal/document"
	"gongkai/internal/drafting"
	"gongkai/internal/fault"
	"gongkai/internal/law"
	"gongkai/internal/ledger"
	"gongkai/internal/publication"
)

//go:embed city/drafts.json
var draftsText []byte

// plannedDraft is a text at the desk of the demonstration and how far it has
// come.
type plannedDraft struct {
	Kind     string     `json:"kind"`
	Title    string     `json:"title"`
	Number   string     `json:"number"`
	IssuedOn civil.Date `json:"issued_on"`
	Body     string     `json:"body"`
	Steps    []string   `json:"steps"` // an event each, with words behind a colon
}

// deskSubject is the ledger's name of the desk's drafts, made once.
const deskSubject = subject + "/desk"

// hands tells which guest takes each step.
var hands = map[drafting.Event]string{
	drafting.Submit: "editor", drafting.Approve: "reviewer", drafting.Return: "reviewer",
	drafting.Clear: "secrecy", drafting.Withhold: "secrecy",
}

// Drafts puts texts on the desk, one at every step of its way, so that each
// guest finds something to do. It is done once.
func Drafts(ctx context.Context, store *db.DB, accounts *access.Store, drafts *drafting.Store) (err error) {
	defer fault.Wrap(&err, "sim.Drafts")
	var planned []plannedDraft
	if err := json.Unmarshal(draftsText, &planned); err != nil {
		return err
	}
	return store.Update(ctx, func(tx *db.Tx) error {
		if made, err := ledger.Of(ctx, tx, deskSubject); err != nil || len(made) > 0 {
			return err
		}
		people := map[string]*access.Person{}
		for _, login := range []string{"editor", "reviewer", "secrecy"} {
			account, err := accounts.ByLogin(ctx, tx, login)
			if err != nil {
				return err
			}
			if people[login], err = accounts.Person(ctx, tx, account.ID); err != nil {
				return err
			}
		}
		for _, p := range planned {
			if err := p.make(ctx, tx, people, drafts); err != nil {
				return fault.New(fault.KindOf(err), "sim_draft", "演示城市的稿件《%s》没有建成：%s", p.Title, fault.Public(err)).Because(err)
			}
		}
		_, err := ledger.Append(ctx, tx, ledger.Act{Kind: "sim.made", Subject: deskSubject, Actor: actor})
		return err
	})
}

func (p plannedDraft) make(ctx context.Context, tx *db.Tx, people map[string]*access.Person, drafts *drafting.Store) error {
	editor := people["editor"]
	d, err := drafts.Create(ctx, tx, editor, editor.UnitID, &publication.Line{Kind: p.Kind, Title: p.Title, Number: p.Number, IssuedOn: p.IssuedOn,
		Body: publication.Body{Format: document.Markdown, Text: p.Body}})
	if err != nil {
		return err
	}
	for _, step := range p.Steps {
		event, words, _ := strings.Cut(step, ":")
		in := drafting.Input{Reason: words, Confirmed: true, Outcome: drafting.Open}
		if drafting.Event(event) == drafting.Withhold {
			in.Ground, in.ReexamineOn, in.Listed = law.GroundThirdParty, tx.Today().AddDays(180), true
		}
		if d, err = drafts.Do(ctx, tx, people[hands[drafting.Event(event)]], d.ID, d.Revision, drafting.Event(event), in); err != nil {
			return err
		}
	}
	return nil
}
