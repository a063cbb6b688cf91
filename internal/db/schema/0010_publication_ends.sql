-- How records end and how they begin. state answers whether the public may read
-- a record; stands says where exactly it is. What is still to come is not
-- readable either, so that no query can show it by oversight.
alter table publication_records add column stands text not null default 'published'
  check (stands in ('published', 'archived', 'withdrawn', 'replaced', 'moved', 'pending'));
alter table publication_records add column successor_id integer references publication_records (id);
alter table publication_records add column moved_to text not null default '';
alter table publication_records add column archived_at text;
-- when its substance became public: the newest version that is not minor
alter table publication_records add column renewed_at text not null default '';
update publication_records set stands = 'withdrawn' where state = 'withdrawn';
update publication_records set renewed_at = published_at;
create index publication_records_successor on publication_records (successor_id) where successor_id is not null;
create index publication_records_pending on publication_records (published_at) where stands = 'pending';
create index publication_records_renewed on publication_records (renewed_at, id) where stands = 'published';

alter table publication_versions add column minor integer not null default 0;

-- What the files of records say, by the hash of their bytes: derived, and read
-- again when the reader has learnt more.
create table publication_texts (
  hash    text primary key,
  text    text not null,
  problem text not null,
  reader  integer not null,
  read_at text not null
) strict;
