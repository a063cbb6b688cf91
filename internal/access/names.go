package access

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Names gives the names of those who stand as actors in the ledger and in
// histories: people, systems with a key, the console. Others are absent.
func (s *Store) Names(ctx context.Context, tx *db.Tx, actors []string) (names map[string]string, err error) {
	defer fault.Wrap(&err, "access.Names")
	names = map[string]string{}
	fixed := map[string]string{console: "命令行", "import": "导入"}
	ids := map[string][]int64{}
	for _, a := range actors {
		if name := fixed[a]; name != "" {
			names[a] = name
		}
		mark, number, _ := strings.Cut(a, ":")
		if id, err := strconv.ParseInt(number, 10, 64); err == nil {
			ids[mark] = append(ids[mark], id)
		}
	}
	for mark, table := range map[string]string{"user": "access_accounts", "key": "access_keys"} {
		if len(ids[mark]) == 0 {
			continue
		}
		err := tx.Each(ctx, "select id, name from "+table+" where id in "+db.In(len(ids[mark])), db.Args(ids[mark]), func(rows *sql.Rows) error {
			var id int64
			var name string
			err := rows.Scan(&id, &name)
			names[mark+":"+strconv.FormatInt(id, 10)] = name
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return names, nil
}
