-- A plan, a catalogue or the statutory floor: what obligations come from.
create table obligation_plans (
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

create table obligation_items (
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
create index obligation_items_plan on obligation_items (plan_id, position);

-- What a record must bear for an obligation to be looked at: statutory=20-1, category=…, kind=….
create table obligation_keys (
  key           text not null,
  obligation_id integer not null references obligation_items (id),
  primary key (key, obligation_id)
) strict;
create index obligation_keys_item on obligation_keys (obligation_id);

create table obligation_assignments (
  obligation_id integer not null references obligation_items (id),
  unit_id       integer not null,
  role          text not null,
  printed       text not null,
  primary key (obligation_id, unit_id)
) strict;
create index obligation_assignments_unit on obligation_assignments (unit_id, obligation_id);

create table obligation_targets (
  obligation_id integer not null references obligation_items (id),
  position      integer not null,
  item          integer not null,
  content       text not null,
  quantity      text not null,
  measure       text not null,
  primary key (obligation_id, position)
) strict;

-- Obligation × unit × period. met_on, met_how and exempt repeat what evidence
-- and exceptions say, so that states are told from one row.
create table obligation_duties (
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
create unique index obligation_duties_one on obligation_duties (obligation_id, unit_id, period);
create index obligation_duties_matrix on obligation_duties (plan_id, period, unit_id, obligation_id, due_on, met_on, met_how, exempt);
create index obligation_duties_unit on obligation_duties (unit_id, due_on, id, plan_id, met_on, met_how, exempt);
create index obligation_duties_due on obligation_duties (due_on, id, met_on, met_how, exempt);

create table obligation_evidence (
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
create unique index obligation_evidence_duty on obligation_evidence (duty_id, record_id);
create index obligation_evidence_record on obligation_evidence (record_id);

create table obligation_exceptions (
  id        integer primary key,
  duty_id   integer not null references obligation_duties (id),
  kind      text not null,
  reason    text not null,
  given_by  text not null,
  given_on  text not null,
  lifted_on text
) strict;
create index obligation_exceptions_duty on obligation_exceptions (duty_id, id);
