package api

import (
	"context"

	"gongkai/internal/drafting"
	"gongkai/internal/law"
)

type withheldIn struct {
	Unit string `query:"unit" doc:"单位的编号、名称或代码；空则全部"`
	Size int    `query:"size" minimum:"1" maximum:"5000" default:"500" doc:"最多几条"`
}

// Withheld is the inventory of what is not disclosed.
type Withheld struct {
	Items []WithheldItem `json:"items"`
}

// WithheldItem is something that is not disclosed, as far as the public may
// know of it.
type WithheldItem struct {
	Title   string `json:"title"`
	Unit    int64  `json:"unit_id"`
	Kind    string `json:"kind"`
	Ground  string `json:"ground" doc:"依据的代码" example:"E16-2"`
	Label   string `json:"ground_label"`
	Article string `json:"article" example:"《政府信息公开条例》第十六条第二款"`
	On      Day    `json:"decided_on"`
}

func (s *server) withheld(ctx context.Context, in *withheldIn) (out Withheld, err error) {
	out.Items = []WithheldItem{}
	var units []int64
	if in.Unit != "" {
		tree, err := s.Units.Snapshot(ctx)
		if err != nil {
			return out, err
		}
		o, err := organParam(tree, in.Unit, s.today())
		if err != nil {
			return out, err
		}
		units = []int64{o.ID}
	}
	if s.Withheld == nil {
		return out, nil
	}
	list, err := s.Withheld(ctx, units, in.Size)
	out.Items = each(list, func(e drafting.Entry) WithheldItem {
		g, _ := law.Grounds().Get(e.Ground)
		return WithheldItem{e.Title, e.UnitID, e.Kind, string(e.Ground), g.Label, g.Article, Day{e.On}}
	})
	return out, err
}
