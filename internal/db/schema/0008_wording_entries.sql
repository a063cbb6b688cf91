-- Expressions that staff watch. The built-in list stands in the program; a row
-- with a code of it takes its place.
create table wording_entries (
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
create unique index wording_entries_code on wording_entries (code) where code <> '';

-- Every state an entry has been in, never changed.
create table wording_history (
  code       text not null,
  revision   integer not null,
  content    text not null,
  changed_at text not null,
  changed_by text not null,
  why        text not null,
  primary key (code, revision)
) strict;
