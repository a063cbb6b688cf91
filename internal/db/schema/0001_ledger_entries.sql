create table ledger_entries (
  seq     integer primary key,
  at      text not null,
  kind    text not null,
  subject text not null,
  actor   text not null,
  data    text not null
) strict;
create index ledger_entries_subject on ledger_entries (subject, seq);

-- One row: the number of the newest entry. Its row lock puts writers in commit order.
create table ledger_head (
  one  integer primary key check (one = 1),
  seq  integer not null
) strict;
insert into ledger_head (one, seq) values (1, 0);

create table ledger_cursors (
  consumer text primary key,
  seq      integer not null,
  moved_at text not null
) strict;
