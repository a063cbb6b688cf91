package db

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Instant is a point in time as the store keeps it: text in UTC with
// microseconds, which sorts as it reads. The zero value is stored as null.
type Instant struct{ time.Time }

const instantForm = "2006-01-02T15:04:05.000000Z"

// At makes the Instant of a time.
func At(t time.Time) Instant { return Instant{t} }

// Value stores the instant.
func (i Instant) Value() (driver.Value, error) {
	if i.IsZero() {
		return nil, nil
	}
	return i.UTC().Format(instantForm), nil
}

// Scan reads what Value stored.
func (i *Instant) Scan(v any) (err error) {
	switch v := v.(type) {
	case nil:
		i.Time = time.Time{}
	case string:
		i.Time, err = time.Parse(instantForm, v)
	case []byte:
		i.Time, err = time.Parse(instantForm, string(v))
	default:
		err = fmt.Errorf("db: cannot scan %T into an instant", v)
	}
	return err
}
