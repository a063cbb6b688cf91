-- A text on its way to publication: what its newest revision and its last step made of it.
create table drafting_drafts (
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
create unique index drafting_drafts_open on drafting_drafts (source_id) where state not in ('published', 'withheld', 'abandoned');
create index drafting_drafts_source on drafting_drafts (source_id, id);
create index drafting_drafts_of_record on drafting_drafts (record_id);
create index drafting_drafts_unit on drafting_drafts (unit_id, state, updated_at, id);
create index drafting_drafts_state on drafting_drafts (state, updated_at, id);
create index drafting_drafts_updated on drafting_drafts (updated_at, id);
create index drafting_drafts_due on drafting_drafts (publish_at) where state = 'scheduled';
create index drafting_drafts_owed on drafting_drafts (countersign_due) where countersign_due is not null;
create index drafting_drafts_number on drafting_drafts (number_key, unit_id) where number_key <> '';
create index drafting_drafts_duty on drafting_drafts (duty_id) where duty_id is not null;

-- Who has written at a draft: they do not review it.
create table drafting_hands (
  draft_id integer not null references drafting_drafts (id),
  actor    text not null,
  primary key (draft_id, actor)
) strict;
create index drafting_hands_actor on drafting_hands (actor, draft_id);

-- Every text that was saved, never changed: the interchange line without its files.
create table drafting_revisions (
  draft_id integer not null references drafting_drafts (id),
  no       integer not null,
  line     text not null,
  hash     text not null,
  by_actor text not null,
  at       text not null,
  primary key (draft_id, no)
) strict;

-- The newest text of each person who is at work, replaced as they write.
create table drafting_autosaves (
  draft_id integer not null references drafting_drafts (id),
  actor    text not null,
  base     integer not null,
  line     text not null,
  at       text not null,
  primary key (draft_id, actor)
) strict;

-- What a draft will say of others, so that an interpretation is found before it is public.
create table drafting_targets (
  draft_id integer not null references drafting_drafts (id),
  type     text not null,
  target   text not null,
  primary key (draft_id, type, target)
) strict;
create index drafting_targets_target on drafting_targets (target, type);

create table drafting_history (
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
create index drafting_history_draft on drafting_history (draft_id, id);

-- Secrecy decisions, each about one revision.
create table drafting_decisions (
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
create index drafting_decisions_draft on drafting_decisions (draft_id, id);
create index drafting_decisions_record on drafting_decisions (record_id, id) where record_id is not null;

-- What is not disclosed, with the day on which it is looked at again.
create table drafting_withheld (
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
create index drafting_withheld_due on drafting_withheld (reexamine_on, id) where released_on is null;
create index drafting_withheld_listed on drafting_withheld (decided_on, id) where released_on is null and listed = 1;

create table drafting_remarks (
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
create index drafting_remarks_draft on drafting_remarks (draft_id, id);

-- Links by which somebody outside reads a draft; the token is kept as its hash.
create table drafting_previews (
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
create index drafting_previews_draft on drafting_previews (draft_id, id);

-- What the privacy gate has seen. The text itself is not repeated here.
create table drafting_findings (
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

create table drafting_files (
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
create index drafting_files_draft on drafting_files (draft_id, position, id);
create index drafting_files_hash on drafting_files (hash);

-- Which steps a unit takes; kind '' is all kinds.
create table drafting_flows (
  unit_id  integer not null,
  kind     text not null,
  review   integer not null,
  sign     integer not null,
  by_actor text not null,
  at       text not null,
  primary key (unit_id, kind)
) strict;
