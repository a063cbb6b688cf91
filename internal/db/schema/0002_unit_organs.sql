-- An organ is one line of history. What may change about it (names, parent)
-- stands in rows with a span of days: since is the first day, null for always;
-- until is the first day no more, null for still.
create table unit_organs (
  id        integer primary key,
  kind      text not null,
  sort      integer not null,
  since     text,
  until     text,
  confirmed integer not null,
  note      text not null
) strict;

create table unit_names (
  id       integer primary key,
  organ_id integer not null references unit_organs (id),
  role     text not null,
  name     text not null,
  since    text,
  until    text
) strict;
create index unit_names_organ on unit_names (organ_id);

create table unit_parents (
  id        integer primary key,
  organ_id  integer not null references unit_organs (id),
  parent_id integer not null references unit_organs (id),
  since     text,
  until     text
) strict;
create index unit_parents_organ on unit_parents (organ_id);
create index unit_parents_parent on unit_parents (parent_id);

create table unit_events (
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
create unique index unit_events_code on unit_events (code);

create table unit_event_parties (
  id       integer primary key,
  event_id integer not null references unit_events (id),
  organ_id integer not null references unit_organs (id),
  part     text not null
) strict;
create index unit_event_parties_event on unit_event_parties (event_id);

create table unit_sets (
  id         integer primary key,
  name       text not null,
  definition text not null
) strict;
create unique index unit_sets_name on unit_sets (name);

-- One row: a token that every change of the directory replaces, so that a
-- tree in memory knows whether it is still the one of a transaction.
create table unit_revision (
  one   integer primary key check (one = 1),
  token integer not null
) strict;
insert into unit_revision (one, token) values (1, 0);
