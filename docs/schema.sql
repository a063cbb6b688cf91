-- Made from internal/db/schema by go test ./internal/db -write; SQLite's spelling.

CREATE TABLE access_accounts (
  id             integer primary key,
  login          text not null,
  name           text not null,
  email          text not null,
  unit_id        integer not null,
  state          text not null,
  password       text not null,
  password_at    text,
  factor         text not null,
  factor_at      text,
  factor_step    integer not null,
  factor_pending text not null,
  sso_subject    text not null,
  made_at        text not null,
  seen_at        text
) strict;

CREATE UNIQUE INDEX access_accounts_login on access_accounts (login);

CREATE INDEX access_accounts_unit on access_accounts (unit_id);

CREATE TABLE access_devices (
  id         integer primary key,
  account_id integer not null references access_accounts (id),
  hash       text not null,
  made_at    text not null,
  seen_at    text not null
) strict;

CREATE INDEX access_devices_account on access_devices (account_id);

CREATE UNIQUE INDEX access_devices_hash on access_devices (hash);

CREATE TABLE access_grants (
  id         integer primary key,
  account_id integer not null references access_accounts (id),
  role       text not null,
  unit_id    integer not null,
  below      integer not null,
  lent_by    integer not null,
  lent_of    integer not null,
  since      text,
  until      text,
  given_at   text not null,
  ended_at   text
) strict;

CREATE INDEX access_grants_account on access_grants (account_id);

CREATE TABLE access_keys (
  id         integer primary key,
  name       text not null,
  unit_id    integer not null,
  prefix     text not null,
  hash       text not null,
  made_by    integer not null,
  made_at    text not null,
  expires_at text not null,
  used_at    text,
  ended_at   text
) strict;

CREATE UNIQUE INDEX access_keys_prefix on access_keys (prefix);

CREATE TABLE access_links (
  id         integer primary key,
  account_id integer references access_accounts (id),
  purpose    text not null,
  factor     integer not null,
  hash       text not null,
  made_at    text not null,
  expires_at text not null,
  used_at    text,
  ended_at   text
) strict;

CREATE INDEX access_links_account on access_links (account_id);

CREATE UNIQUE INDEX access_links_hash on access_links (hash);

CREATE TABLE access_passwords (
  id         integer primary key,
  account_id integer not null references access_accounts (id),
  hash       text not null,
  made_at    text not null
) strict;

CREATE INDEX access_passwords_account on access_passwords (account_id);

CREATE TABLE access_recovery (
  id         integer primary key,
  account_id integer not null references access_accounts (id),
  hash       text not null,
  used_at    text
) strict;

CREATE INDEX access_recovery_account on access_recovery (account_id, hash);

CREATE TABLE access_sessions (
  id           integer primary key,
  account_id   integer not null references access_accounts (id),
  hash         text not null,
  how          text not null,
  needs        text not null,
  device_id    integer not null,
  address      text not null,
  agent        text not null,
  made_at      text not null,
  seen_at      text not null,
  confirmed_at text,
  ended_at     text
) strict;

CREATE INDEX access_sessions_account on access_sessions (account_id);

CREATE UNIQUE INDEX access_sessions_hash on access_sessions (hash);

CREATE TABLE access_throttles (
  subject  text primary key,
  failures integer not null,
  last_at  text not null
) strict;

CREATE INDEX access_throttles_last on access_throttles (last_at);

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

CREATE TABLE drafting_autosaves (
  draft_id integer not null references drafting_drafts (id),
  actor    text not null,
  base     integer not null,
  line     text not null,
  at       text not null,
  primary key (draft_id, actor)
) strict;

CREATE TABLE drafting_decisions (
  id         integer primary key,
  draft_id   integer not null references drafting_drafts (id),
  record_id  integer,
  revision   integer not null,
  outcome    text not null,
  ground     text not null,
  reason     text not null,
  by_actor   text not null,
  decided_on text not null,
  at         text not null
) strict;

CREATE INDEX drafting_decisions_draft on drafting_decisions (draft_id, id);

CREATE INDEX drafting_decisions_record on drafting_decisions (record_id, id) where record_id is not null;

CREATE TABLE drafting_drafts (
  id                integer primary key,
  -- of the record that it corrects, or that it has become
  record_id         integer,
  -- the version that a correction began from
  base_version      integer not null,
  source_id         text not null,
  unit_id           integer not null,
  kind              text not null,
  title             text not null,
  number            text not null,
  -- title and number, folded, as the list is searched
  words             text not null,
  number_key        text not null,
  -- the day from which the limit counts within which it must be public
  issued_on         text,
  state             text not null,
  entered_at        text not null,
  revision          integer not null,
  saved_by          text not null,
  saved_at          text not null,
  author            text not null,
  duty_id           integer,
  change            text not null,
  note              text not null,
  -- reasons by which checks are waived: a JSON object by the check's code
  waivers           text not null,
  reviewer          text not null default '',
  secrecy_by        text not null default '',
  signer            text not null default '',
  publish_at        text,
  trouble           text not null default '',
  emergency_reason  text not null default '',
  emergency_by      text not null default '',
  emergency_at      text,
  countersign_due   text,
  countersigned_by  text not null default '',
  countersigned_at  text,
  created_at        text not null,
  updated_at        text not null,
  -- one more with every change; its row lock lets one change follow the other
  turns             integer not null
) strict;

CREATE INDEX drafting_drafts_due on drafting_drafts (publish_at) where state = 'scheduled';

CREATE INDEX drafting_drafts_duty on drafting_drafts (duty_id) where duty_id is not null;

CREATE INDEX drafting_drafts_number on drafting_drafts (number_key, unit_id) where number_key <> '';

CREATE INDEX drafting_drafts_of_record on drafting_drafts (record_id);

CREATE UNIQUE INDEX drafting_drafts_open on drafting_drafts (source_id) where state not in ('published', 'withheld', 'abandoned');

CREATE INDEX drafting_drafts_owed on drafting_drafts (countersign_due) where countersign_due is not null;

CREATE INDEX drafting_drafts_source on drafting_drafts (source_id, id);

CREATE INDEX drafting_drafts_state on drafting_drafts (state, updated_at, id);

CREATE INDEX drafting_drafts_unit on drafting_drafts (unit_id, state, updated_at, id);

CREATE INDEX drafting_drafts_updated on drafting_drafts (updated_at, id);

CREATE TABLE drafting_files (
  id            integer primary key,
  draft_id      integer not null references drafting_drafts (id),
  position      integer not null,
  name          text not null,
  media_type    text not null,
  -- of the cleaned copy that will be public
  hash          text not null,
  size          integer not null,
  original_hash text not null,
  original_size integer not null,
  -- what cleaning took out, a JSON list
  removed       text not null,
  warnings      text not null,
  added_by      text not null,
  added_at      text not null,
  detached_at   text
) strict;

CREATE INDEX drafting_files_draft on drafting_files (draft_id, position, id);

CREATE INDEX drafting_files_hash on drafting_files (hash);

CREATE TABLE drafting_findings (
  id         integer primary key,
  draft_id   integer not null references drafting_drafts (id),
  file_id    integer not null default 0,
  key        text not null,
  kind       text not null,
  place      text not null,
  from_rune  integer not null,
  to_rune    integer not null,
  excerpt    text not null,
  masked     text not null,
  present    integer not null,
  resolution text not null default '',
  reason     text not null default '',
  by_actor   text not null default '',
  at         text,
  unique (draft_id, file_id, key)
) strict;

CREATE TABLE drafting_flows (
  unit_id  integer not null,
  kind     text not null,
  review   integer not null,
  sign     integer not null,
  by_actor text not null,
  at       text not null,
  primary key (unit_id, kind)
) strict;

CREATE TABLE drafting_hands (
  draft_id integer not null references drafting_drafts (id),
  actor    text not null,
  primary key (draft_id, actor)
) strict;

CREATE INDEX drafting_hands_actor on drafting_hands (actor, draft_id);

CREATE TABLE drafting_history (
  id         integer primary key,
  draft_id   integer not null references drafting_drafts (id),
  at         text not null,
  actor      text not null,
  event      text not null,
  from_state text not null,
  to_state   text not null,
  revision   integer not null,
  words      text not null
) strict;

CREATE INDEX drafting_history_draft on drafting_history (draft_id, id);

CREATE TABLE drafting_previews (
  id         integer primary key,
  draft_id   integer not null references drafting_drafts (id),
  token_hash text not null unique,
  guest      text not null,
  made_by    text not null,
  made_at    text not null,
  expires_at text not null,
  revoked_at text,
  opens      integer not null,
  opened_at  text
) strict;

CREATE INDEX drafting_previews_draft on drafting_previews (draft_id, id);

CREATE TABLE drafting_remarks (
  id          integer primary key,
  draft_id    integer not null references drafting_drafts (id),
  revision    integer not null,
  place       text not null,
  anchor      text not null,
  quote       text not null,
  occurrence  integer not null,
  words       text not null,
  by_actor    text not null,
  preview_id  integer,
  at          text not null,
  resolved_by text not null default '',
  resolved_at text
) strict;

CREATE INDEX drafting_remarks_draft on drafting_remarks (draft_id, id);

CREATE TABLE drafting_revisions (
  draft_id integer not null references drafting_drafts (id),
  no       integer not null,
  line     text not null,
  hash     text not null,
  by_actor text not null,
  at       text not null,
  primary key (draft_id, no)
) strict;

CREATE TABLE drafting_targets (
  draft_id integer not null references drafting_drafts (id),
  type     text not null,
  target   text not null,
  primary key (draft_id, type, target)
) strict;

CREATE INDEX drafting_targets_target on drafting_targets (target, type);

CREATE TABLE drafting_withheld (
  id           integer primary key,
  draft_id     integer not null unique references drafting_drafts (id),
  unit_id      integer not null,
  title        text not null,
  kind         text not null,
  ground       text not null,
  reason       text not null,
  listed       integer not null,
  decided_by   text not null,
  decided_on   text not null,
  reexamine_on text not null,
  examined_on  text,
  released_on  text
) strict;

CREATE INDEX drafting_withheld_due on drafting_withheld (reexamine_on, id) where released_on is null;

CREATE INDEX drafting_withheld_listed on drafting_withheld (decided_on, id) where released_on is null and listed = 1;

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

CREATE INDEX access_ledger_actor on ledger_entries (actor, seq);

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

CREATE TABLE obligation_claims (
  id         integer primary key,
  duty_id    integer not null references obligation_duties (id),
  kind       text not null,
  ground     text not null,
  reason     text not null,
  asked_by   text not null,
  asked_on   text not null,
  state      text not null,
  remedy     text not null,
  answer     text not null,
  decided_by text not null,
  decided_on text,
  to_unit    integer,
  to_due     text
) strict;

CREATE INDEX obligation_claims_duty on obligation_claims (duty_id, id);

CREATE UNIQUE INDEX obligation_claims_open on obligation_claims (duty_id) where state = 'asked';

CREATE INDEX obligation_claims_state on obligation_claims (state, id);

CREATE TABLE obligation_draft_rows (
  draft_id integer not null references obligation_drafts (id),
  no       integer not null,
  line     text not null,
  primary key (draft_id, no)
) strict;

CREATE TABLE obligation_draft_steps (
  id       integer primary key,
  draft_id integer not null references obligation_drafts (id),
  event    text not null,
  done_by  text not null,
  done_at  text not null,
  note     text not null
) strict;

CREATE INDEX obligation_draft_steps_draft on obligation_draft_steps (draft_id, id);

CREATE TABLE obligation_drafts (
  id           integer primary key,
  plan_id      integer references obligation_plans (id),
  above_id     integer references obligation_plans (id),
  title        text not null,
  issuer       text not null,
  unit_id      integer not null,
  reviewer_id  integer not null,
  state        text not null,
  rev          integer not null,
  effective_on text,
  created_by   text not null,
  created_at   text not null,
  changed_at   text not null
) strict;

CREATE INDEX obligation_drafts_plan on obligation_drafts (plan_id, state);

CREATE INDEX obligation_drafts_state on obligation_drafts (state, id);

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
, laid_on text not null default '', recorded_on text not null default '', changed_on text not null default '9999-99-99', asked text) strict;

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
, known_on text not null default '', signer_id integer, linked_by text not null default '', why text not null default '', removed_on text, removed_by text not null default '', removed_why text not null default '') strict;

CREATE INDEX obligation_evidence_duty on obligation_evidence (duty_id, given_on);

CREATE UNIQUE INDEX obligation_evidence_live on obligation_evidence (duty_id, record_id) where removed_on is null;

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

CREATE TABLE obligation_formers (
  id        integer primary key,
  duty_id   integer not null references obligation_duties (id),
  until_on  text not null,
  role      text not null,
  opens_on  text not null,
  closes_on text,
  due_on    text not null
) strict;

CREATE INDEX obligation_formers_duty on obligation_formers (duty_id, until_on, id);

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
, added_on text not null default '') strict;

CREATE INDEX obligation_items_plan on obligation_items (plan_id, position);

CREATE TABLE obligation_keys (
  key           text not null,
  obligation_id integer not null references obligation_items (id),
  primary key (key, obligation_id)
) strict;

CREATE INDEX obligation_keys_item on obligation_keys (obligation_id);

CREATE TABLE obligation_moves (
  id            integer primary key,
  obligation_id integer not null references obligation_items (id),
  from_unit     integer not null,
  to_unit       integer not null,
  moved_on      text not null,
  moved_by      text not null
) strict;

CREATE INDEX obligation_moves_item on obligation_moves (obligation_id, from_unit);

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

CREATE TABLE obligation_progress (
  id            integer primary key,
  obligation_id integer not null references obligation_items (id),
  unit_id       integer not null,
  told_on       text not null,
  version       integer not null,
  content       text not null,
  percent       integer,
  figures       text not null,
  records       text not null,
  written_by    text not null,
  written_at    text not null,
  accepted_by   text not null,
  accepted_on   text,
  returned_why  text not null
) strict;

CREATE UNIQUE INDEX obligation_progress_one on obligation_progress (obligation_id, unit_id, told_on, version);

CREATE INDEX obligation_progress_unit on obligation_progress (unit_id, told_on);

CREATE TABLE obligation_retirements (
  obligation_id integer not null references obligation_items (id),
  retired_on    text not null,
  revived_on    text
) strict;

CREATE INDEX obligation_retirements_item on obligation_retirements (obligation_id);

CREATE TABLE obligation_seen (
  record_id integer primary key,
  seen_on   text not null
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
, stands text not null default 'published'
  check (stands in ('published', 'archived', 'withdrawn', 'replaced', 'moved', 'pending')), successor_id integer references publication_records (id), moved_to text not null default '', archived_at text, renewed_at text not null default '') strict;

CREATE INDEX publication_records_amended on publication_records (amended_from) where binding = 1;

CREATE INDEX publication_records_category on publication_records
  (category, listed_on, id, kind, unit_id) where state = 'published';

CREATE INDEX publication_records_kind on publication_records
  (kind, listed_on, id, unit_id, category, statutory, binding, starts_on, lapses_on, repealed_from, amended_from) where state = 'published';

CREATE INDEX publication_records_lapses on publication_records (lapses_on) where binding = 1;

CREATE INDEX publication_records_listed on publication_records
  (listed_on, id, kind, unit_id, category, statutory, binding, starts_on, lapses_on, repealed_from, amended_from) where state = 'published';

CREATE INDEX publication_records_number on publication_records (number_key, unit_id) where number_key <> '';

CREATE INDEX publication_records_pending on publication_records (published_at) where stands = 'pending';

CREATE INDEX publication_records_raw on publication_records (raw_hash) where raw_hash <> '';

CREATE INDEX publication_records_renewed on publication_records (renewed_at, id) where stands = 'published';

CREATE INDEX publication_records_repealed on publication_records (repealed_from) where binding = 1;

CREATE INDEX publication_records_starts on publication_records (starts_on) where binding = 1;

CREATE INDEX publication_records_statutory on publication_records
  (statutory, listed_on, id, kind, unit_id) where state = 'published';

CREATE INDEX publication_records_successor on publication_records (successor_id) where successor_id is not null;

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

CREATE TABLE publication_texts (
  hash    text primary key,
  text    text not null,
  problem text not null,
  reader  integer not null,
  read_at text not null
) strict;

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
  note       text not null, minor integer not null default 0,
  primary key (record_id, no)
) strict;

CREATE TABLE remind_letters (
  id         text primary key,
  address    text not null,
  subject    text not null,
  attempts   integer not null,
  last_at    text not null,
  last_error text not null,
  final      integer not null,
  sent_at    text
) strict;

CREATE INDEX remind_letters_last on remind_letters (last_at);

CREATE TABLE remind_notices (
  id        integer primary key,
  person_id integer not null,
  day       text not null,
  lines     text not null,
  read_at   text
) strict;

CREATE UNIQUE INDEX remind_notices_one on remind_notices (person_id, day);

CREATE TABLE remind_pauses (
  person_id integer primary key,
  until_on  text not null,
  set_by    text not null,
  set_at    text not null
) strict;

CREATE TABLE remind_sent (
  person_id integer not null,
  task      text not null,
  rung      integer not null,
  sent_on   text not null,
  primary key (person_id, task, rung)
) strict;

CREATE INDEX remind_sent_day on remind_sent (sent_on);

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

CREATE TABLE wording_entries (
  id         integer primary key,
  code       text not null,
  revision   integer not null,
  content    text not null,
  added_at   text not null,
  added_by   text not null,
  changed_at text not null,
  changed_by text not null,
  why        text not null
) strict;

CREATE UNIQUE INDEX wording_entries_code on wording_entries (code) where code <> '';

CREATE TABLE wording_history (
  code       text not null,
  revision   integer not null,
  content    text not null,
  changed_at text not null,
  changed_by text not null,
  why        text not null,
  primary key (code, revision)
) strict;
