-- Duties with their history, so that every read can be made as of a past day;
-- claims, moves, progress and catalogue drafts.

-- The day from which history shows the obligation.
alter table obligation_items add column
  added_on text not null default '';

-- The times in which an obligation was dropped from its plan.
create table obligation_retirements (
  obligation_id integer not null references obligation_items (id),
  retired_on    text not null,
  revived_on    text
) strict;
create index obligation_retirements_item on obligation_retirements (obligation_id);
insert into obligation_retirements (obligation_id, retired_on)
  select i.id, i.retired_on from obligation_items i where i.retired_on is not null;

-- laid_on: the day from which history shows the duty. recorded_on: the day on
-- which it was written. changed_on: the last day on which anything about it
-- changed that history tells of; before it, history is put together anew.
-- asked: the kind of the claim that waits for the office.
alter table obligation_duties add column
  laid_on text not null default '';
alter table obligation_duties add column
  recorded_on text not null default '';
alter table obligation_duties add column
  changed_on text not null default '9999-99-99';
alter table obligation_duties add column
  asked text;

-- Dates and role of a duty before they were changed on a day.
create table obligation_formers (
  id        integer primary key,
  duty_id   integer not null references obligation_duties (id),
  until_on  text not null,
  role      text not null,
  opens_on  text not null,
  closes_on text,
  due_on    text not null
) strict;
create index obligation_formers_duty on obligation_formers (duty_id, until_on, id);

-- Evidence that was taken back stays. known_on: the day from which history
-- counts it. linked_by and why: of links made by hand.
alter table obligation_evidence add column
  known_on text not null default '';
alter table obligation_evidence add column
  signer_id integer;
alter table obligation_evidence add column
  linked_by text not null default '';
alter table obligation_evidence add column
  why text not null default '';
alter table obligation_evidence add column
  removed_on text;
alter table obligation_evidence add column
  removed_by text not null default '';
alter table obligation_evidence add column
  removed_why text not null default '';
update obligation_evidence set known_on = given_on;
drop index obligation_evidence_duty;
create unique index obligation_evidence_live on obligation_evidence (duty_id, record_id) where removed_on is null;
create index obligation_evidence_duty on obligation_evidence (duty_id, given_on);

-- Records that have been looked at before: what a later change of them
-- fulfils counts from the day of the change.
create table obligation_seen (
  record_id integer primary key,
  seen_on   text not null
) strict;
insert into obligation_seen (record_id, seen_on)
  select e.record_id, min(e.given_on) from obligation_evidence e where e.record_id is not null group by e.record_id;

insert into obligation_exceptions (duty_id, kind, reason, given_by, given_on)
  select d.id, 'retired', '', '', coalesce(i.retired_on, substr(p.saved_at, 1, 10))
  from obligation_duties d join obligation_items i on i.id = d.obligation_id join obligation_plans p on p.id = d.plan_id
  where d.exempt = 'retired';

-- What a unit asks the office to decide about a duty.
create table obligation_claims (
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
create unique index obligation_claims_open on obligation_claims (duty_id) where state = 'asked';
create index obligation_claims_duty on obligation_claims (duty_id, id);
create index obligation_claims_state on obligation_claims (state, id);

-- Duties of one unit that another took over, by obligation.
create table obligation_moves (
  id            integer primary key,
  obligation_id integer not null references obligation_items (id),
  from_unit     integer not null,
  to_unit       integer not null,
  moved_on      text not null,
  moved_by      text not null
) strict;
create index obligation_moves_item on obligation_moves (obligation_id, from_unit);

-- A unit's own words on how far a task is, of a day; every version is kept.
create table obligation_progress (
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
create unique index obligation_progress_one on obligation_progress (obligation_id, unit_id, told_on, version);
create index obligation_progress_unit on obligation_progress (unit_id, told_on);

-- A catalogue being made or revised; the published ones are its editions.
create table obligation_drafts (
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
create index obligation_drafts_plan on obligation_drafts (plan_id, state);
create index obligation_drafts_state on obligation_drafts (state, id);

create table obligation_draft_rows (
  draft_id integer not null references obligation_drafts (id),
  no       integer not null,
  line     text not null,
  primary key (draft_id, no)
) strict;

create table obligation_draft_steps (
  id       integer primary key,
  draft_id integer not null references obligation_drafts (id),
  event    text not null,
  done_by  text not null,
  done_at  text not null,
  note     text not null
) strict;
create index obligation_draft_steps_draft on obligation_draft_steps (draft_id, id);
