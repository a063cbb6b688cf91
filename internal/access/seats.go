package access

import (
	"context"

	"gongkai/internal/db"
	"gongkai/internal/fault"
)

// Seats counts the accounts of a unit that are not disabled and the grants in
// it that are in force or to come. Both follow the unit to its successors.
func (s *Store) Seats(ctx context.Context, tx *db.Tx, unitID int64) (accounts, grants int, err error) {
	defer fault.Wrap(&err, "access.Seats(%d)", unitID)
	err = tx.Row(ctx, `select (select count(*) from access_accounts where unit_id = ? and state <> ?),
		(select count(*) from access_grants where unit_id = ? and ended_at is null and (until is null or until > ?))`,
		[]any{unitID, string(Disabled), unitID, tx.Today()}, &accounts, &grants)
	return accounts, grants, err
}
