-- Made from internal/db/schema by go test ./internal/db -write; SQLite's spelling.

CREATE TABLE blob_names (
  name       text primary key,
  hash       text not null,
  size       integer not null,
  media_type text not null,
  note       text not null,
  named_at   text not null
) strict;

CREATE TABLE channel_columns (
  id          integer primary key,
  site_id     integer not null references channel_sites (id),
  parent_id   integer not null,
  slug        text not null,
  name        text not null,
  kind        text not null,
  description text not null,
  keywords    text not null,
  freshness   integer not null,
  sort        integer not null,
  fixed       integer not null,
  rule        text not null,
  closed_on   text
) strict;

CREATE UNIQUE INDEX channel_columns_slug on channel_columns (site_id, parent_id, slug);

CREATE TABLE channel_revision (
  one   integer primary key check (one = 1),
  token integer not null
) strict;

CREATE TABLE channel_sites (
  id          integer primary key,
  slug        text not null,
  name        text not null,
  host        text not null,
  path_prefix text not null,
  root_unit   integer not null,
  id_code     text not null,
  icp         text not null,
  police      text not null,
  organizer   text not null,
  contact     text not null,
  description text not null,
  keywords    text not null,
  sort        integer not null
) strict;

CREATE UNIQUE INDEX channel_sites_address on channel_sites (host, path_prefix);

CREATE UNIQUE INDEX channel_sites_slug on channel_sites (slug);

CREATE TABLE ledger_cursors (
  consumer text primary key,
  seq      integer not null,
  moved_at text not null
) strict;

CREATE TABLE ledger_entries (
  seq     integer primary key,
  at      text not null,
  kind    text not null,
  subject text not null,
  actor   text not null,
  data    text not null
) strict;

CREATE INDEX ledger_entries_subject on ledger_entries (subject, seq);

CREATE TABLE ledger_head (
  one  integer primary key check (one = 1),
  seq  integer not null
) strict;

CREATE TABLE obligation_assignments (
  obligation_id integer not null references obligation_items (id),
  unit_id       integer not null,
  role          text not null,
  printed       text not null,
  primary key (obligation_id, unit_id)
) strict;

CREATE INDEX obligation_assignments_unit on obligation_assignments (unit_id, obligation_id);

CREATE TABLE obligation_duties (
  id            integer primary key,
  obligation_id integer not null references obligation_items (id),
  plan_id       integer not null references obligation_plans (id),
  unit_id       integer not null,
  period        text not null,
  role          text not null,
  opens_on      text not null,
  closes_on     text,
  due_on        text not null,
  met_on        text,
  met_how       text,
  exempt        text
) strict;

CREATE INDEX obligation_duties_due on obligation_duties (due_on, id, met_on, met_how, exempt);

CREATE INDEX obligation_duties_matrix on obligation_duties (plan_id, period, unit_id, obligation_id, due_on, met_on, met_how, exempt);

CREATE UNIQUE INDEX obligation_duties_one on obligation_duties (obligation_id, unit_id, period);

CREATE INDEX obligation_duties_unit on obligation_duties (unit_id, due_on, id, plan_id, met_on, met_how, exempt);

CREATE TABLE obligation_evidence (
  id        integer primary key,
  duty_id   integer not null references obligation_duties (id),
  record_id integer,
  how       text not null,
  title     text not null,
  url       text not null,
  given_on  text not null,
  limit_on  text,
  signer    text not null,
  note      text not null
) strict;

CREATE UNIQUE INDEX obligation_evidence_duty on obligation_evidence (duty_id, record_id);

CREATE INDEX obligation_evidence_record on obligation_evidence (record_id);

CREATE TABLE obligation_exceptions (
  id        integer primary key,
  duty_id   integer not null references obligation_duties (id),
  kind      text not null,
  reason    text not null,
  given_by  text not null,
  given_on  text not null,
  lifted_on text
) strict;

CREATE INDEX obligation_exceptions_duty on obligation_exceptions (duty_id, id);

CREATE TABLE obligation_items (
  id          integer primary key,
  plan_id     integer not null references obligation_plans (id),
  code        text not null unique,
  position    integer not null,
  section     text not null,
  title       text not null,
  content     text not null,
  assignment  text not null,
  basis       text not null,
  lead        text not null,
  responsible text not null,
  due         text not null,
  rule        text not null,
  match       text not null,
  items       text not null,
  detail      text not null,
  starts_on   text not null,
  retired_on  text,
  hash        text not null
) strict;

CREATE INDEX obligation_items_plan on obligation_items (plan_id, position);

CREATE TABLE obligation_keys (
  key           text not null,
  obligation_id integer not null references obligation_items (id),
  primary key (key, obligation_id)
) strict;

CREATE INDEX obligation_keys_item on obligation_keys (obligation_id);

CREATE TABLE obligation_plans (
  id        integer primary key,
  code      text not null unique,
  kind      text not null,
  title     text not null,
  issuer    text not null,
  number    text not null,
  issued_on text,
  year      integer not null,
  standing  text not null,
  hash      text not null,
  saved_at  text not null
) strict;

CREATE TABLE obligation_targets (
  obligation_id integer not null references obligation_items (id),
  position      integer not null,
  item          integer not null,
  content       text not null,
  quantity      text not null,
  measure       text not null,
  primary key (obligation_id, position)
) strict;

CREATE TABLE publication_citations (
  record_id integer not null references publication_records (id),
  key       text not null,
  primary key (record_id, key)
) strict;

CREATE INDEX publication_citations_key on publication_citations (key);

CREATE TABLE publication_flags (
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

CREATE INDEX publication_flags_open on publication_flags (record_id) where reviewed_at is null;

CREATE TABLE publication_keywords (
  keyword   text not null,
  record_id integer not null references publication_records (id),
  primary key (keyword, record_id)
) strict;

CREATE INDEX publication_keywords_record on publication_keywords (record_id);

CREATE TABLE publication_records (
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

CREATE INDEX publication_records_amended on publication_records (amended_from) where binding = 1;

CREATE INDEX publication_records_category on publication_records
  (category, listed_on, id, kind, unit_id) where state = 'published';

CREATE INDEX publication_records_kind on publication_records
  (kind, listed_on, id, unit_id, category, statutory, binding, starts_on, lapses_on, repealed_from, amended_from) where state = 'published';

CREATE INDEX publication_records_lapses on publication_records (lapses_on) where binding = 1;

CREATE INDEX publication_records_listed on publication_records
  (listed_on, id, kind, unit_id, category, statutory, binding, starts_on, lapses_on, repealed_from, amended_from) where state = 'published';

CREATE INDEX publication_records_number on publication_records (number_key, unit_id) where number_key <> '';

CREATE INDEX publication_records_raw on publication_records (raw_hash) where raw_hash <> '';

CREATE INDEX publication_records_repealed on publication_records (repealed_from) where binding = 1;

CREATE INDEX publication_records_starts on publication_records (starts_on) where binding = 1;

CREATE INDEX publication_records_statutory on publication_records
  (statutory, listed_on, id, kind, unit_id) where state = 'published';

CREATE INDEX publication_records_title on publication_records (title_key) where state = 'published';

CREATE INDEX publication_records_unit on publication_records
  (unit_id, listed_on, id, kind, category, statutory, binding, starts_on, lapses_on, repealed_from, amended_from) where state = 'published';

CREATE TABLE publication_relations (
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

CREATE INDEX publication_relations_target on publication_relations (target_id, type);

CREATE INDEX publication_relations_unbound on publication_relations (target_key) where target_id is null;

CREATE TABLE publication_turn (
  one   integer primary key check (one = 1),
  turns integer not null
) strict;

CREATE TABLE publication_versions (
  record_id  integer not null references publication_records (id),
  no         integer not null,
  hash       text not null,
  line       text not null,
  created_at text not null,
  actor      text not null,
  note       text not null,
  primary key (record_id, no)
) strict;

CREATE TABLE unit_event_parties (
  id       integer primary key,
  event_id integer not null references unit_events (id),
  organ_id integer not null references unit_organs (id),
  part     text not null
) strict;

CREATE INDEX unit_event_parties_event on unit_event_parties (event_id);

CREATE TABLE unit_events (
  id          integer primary key,
  code        text not null,
  kind        text not null,
  happened_on text not null,
  was         text not null,
  became      text not null,
  continues   integer not null,
  basis       text not null,
  note        text not null,
  confirmed   integer not null
) strict;

CREATE UNIQUE INDEX unit_events_code on unit_events (code);

CREATE TABLE unit_names (
  id       integer primary key,
  organ_id integer not null references unit_organs (id),
  role     text not null,
  name     text not null,
  since    text,
  until    text
) strict;

CREATE INDEX unit_names_organ on unit_names (organ_id);

CREATE TABLE unit_organs (
  id        integer primary key,
  kind      text not null,
  sort      integer not null,
  since     text,
  until     text,
  confirmed integer not null,
  note      text not null
) strict;

CREATE TABLE unit_parents (
  id        integer primary key,
  organ_id  integer not null references unit_organs (id),
  parent_id integer not null references unit_organs (id),
  since     text,
  until     text
) strict;

CREATE INDEX unit_parents_organ on unit_parents (organ_id);

CREATE INDEX unit_parents_parent on unit_parents (parent_id);

CREATE TABLE unit_revision (
  one   integer primary key check (one = 1),
  token integer not null
) strict;

CREATE TABLE unit_sets (
  id         integer primary key,
  name       text not null,
  definition text not null
) strict;

CREATE UNIQUE INDEX unit_sets_name on unit_sets (name);
