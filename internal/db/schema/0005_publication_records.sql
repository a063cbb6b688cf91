-- A disclosed record: the read model of its newest version.
create table publication_records (
  id               integer primary key,
  source_id        text not null unique,
  kind             text not null,
  unit_id          integer not null,
  unit_name        text not null,
  title            text not null,
  -- the title as citations are compared, see document.TitleKey
  title_key        text not null,
  number           text not null,
  number_key       text not null,
  issued_on        text,
  published_at     text not null,
  effective_on     text,
  expires_on       text,
  repealed_on      text,
  stated           text not null,
  category         text not null,
  keywords         text not null,
  statutory        text not null,
  fields           text not null,
  state            text not null check (state in ('published', 'withdrawn')),
  withdrawn_reason text not null default '',
  withdrawn_note   text not null default '',
  withdrawn_at     text,
  version          integer not null,
  hash             text not null,
  -- hash of the imported line as it came, so that a second import need not read it
  raw_hash         text not null default '',
  -- day of issue, or of publishing where there is none
  listed_on        text not null,
  -- what dates and relations make of its validity; see Spans
  binding          integer not null,
  starts_on        text not null,
  lapses_on        text not null,
  repealed_from    text not null,
  amended_from     text not null
) strict;
create index publication_records_number on publication_records (number_key, unit_id) where number_key <> '';
create index publication_records_title on publication_records (title_key) where state = 'published';
create index publication_records_raw on publication_records (raw_hash) where raw_hash <> '';

-- Lists: each covers what a count has to look at.
create index publication_records_listed on publication_records
  (listed_on, id, kind, unit_id, category, statutory, binding, starts_on, lapses_on, repealed_from, amended_from) where state = 'published';
create index publication_records_kind on publication_records
  (kind, listed_on, id, unit_id, category, statutory, binding, starts_on, lapses_on, repealed_from, amended_from) where state = 'published';
create index publication_records_unit on publication_records
  (unit_id, listed_on, id, kind, category, statutory, binding, starts_on, lapses_on, repealed_from, amended_from) where state = 'published';
create index publication_records_statutory on publication_records
  (statutory, listed_on, id, kind, unit_id) where state = 'published';
create index publication_records_category on publication_records
  (category, listed_on, id, kind, unit_id) where state = 'published';

-- The days on which a state turns by date alone.
create index publication_records_starts on publication_records (starts_on) where binding = 1;
create index publication_records_lapses on publication_records (lapses_on) where binding = 1;
create index publication_records_repealed on publication_records (repealed_from) where binding = 1;
create index publication_records_amended on publication_records (amended_from) where binding = 1;

-- What the newest version of a record cites: keys of titles and numbers.
create table publication_citations (
  record_id integer not null references publication_records (id),
  key       text not null,
  primary key (record_id, key)
) strict;
create index publication_citations_key on publication_citations (key);

create table publication_keywords (
  keyword   text not null,
  record_id integer not null references publication_records (id),
  primary key (keyword, record_id)
) strict;
create index publication_keywords_record on publication_keywords (record_id);

-- Every state a record has been in, never changed: the interchange line itself.
create table publication_versions (
  record_id  integer not null references publication_records (id),
  no         integer not null,
  hash       text not null,
  line       text not null,
  created_at text not null,
  actor      text not null,
  note       text not null,
  primary key (record_id, no)
) strict;

-- What a record says of others. target_id is null until that other is here.
create table publication_relations (
  record_id   integer not null references publication_records (id),
  ordinal     integer not null,
  type        text not null,
  target      text not null,
  target_key  text not null,
  target_id   integer references publication_records (id),
  here        text not null,
  there       text not null,
  on_date     text,
  -- the day from which it acts: on_date, or what the record says of itself
  acts_on     text not null,
  note        text not null,
  primary key (record_id, ordinal)
) strict;
create index publication_relations_target on publication_relations (target_id, type);
create index publication_relations_unbound on publication_relations (target_key) where target_id is null;

-- A record that leans on something since amended or repealed: open until somebody has looked at it.
create table publication_flags (
  id          integer primary key,
  record_id   integer not null references publication_records (id),
  cause_id    integer not null references publication_records (id),
  target_id   integer not null references publication_records (id),
  type        text not null,
  articles    text not null,
  on_date     text not null,
  raised_at   text not null,
  reviewed_at text,
  reviewed_by text not null default '',
  note        text not null default '',
  unique (record_id, cause_id, target_id, type)
) strict;
create index publication_flags_open on publication_flags (record_id) where reviewed_at is null;

-- One row. Its lock lets one writer of publications after the other, so that
-- two that name each other at the same moment find each other.
create table publication_turn (
  one   integer primary key check (one = 1),
  turns integer not null
) strict;
insert into publication_turn (one, turns) values (1, 0);
