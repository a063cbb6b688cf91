package publication

import (
	"strconv"

	"gongkai/internal/blob"
	"gongkai/internal/db"
	"gongkai/internal/obligation"
	"gongkai/internal/publication/kind"
	"gongkai/internal/unit"
)

// Kinds of ledger entries. The subject of each is "publication:ID".
const (
	ActPublished  = "publication.published" // it can be read: first version, its moment has come, or back from a stone
	ActChanged    = "publication.changed"   // a new version
	ActTouched    = "publication.touched"   // no new version, but another record changed its state or relations
	ActWithdrawn  = "publication.withdrawn"
	ActReplaced   = "publication.replaced"
	ActMoved      = "publication.moved"
	ActArchived   = "publication.archived"
	ActUnarchived = "publication.unarchived"
	ActScheduled  = "publication.scheduled" // taken in, to appear later
)

// Deps is what a Store stands on. Without Duties no record is evidence of
// anything; without Blobs attachments by path are refused.
type Deps struct {
	DB     *db.DB
	Kinds  *kind.Set
	Units  *unit.Store
	Duties *obligation.Store
	Blobs  *blob.Store
}

// Store is the city's publications in the database. It is safe for concurrent
// use.
type Store struct{ Deps }

// NewStore makes the store over an open, migrated database.
func NewStore(d Deps) *Store { return &Store{d} }

// Subject is the ledger's name of a record.
func Subject(id int64) string { return "publication:" + strconv.FormatInt(id, 10) }

// Path is the address of a record's page below its site.
func Path(id int64) string { return "/d/" + strconv.FormatInt(id, 10) }
