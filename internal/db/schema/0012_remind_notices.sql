-- Who was reminded of what on which day.

-- One notice for a person and a day; lines are what stood in it.
create table remind_notices (
  id        integer primary key,
  person_id integer not null,
  day       text not null,
  lines     text not null,
  read_at   text
) strict;
create unique index remind_notices_one on remind_notices (person_id, day);

-- The rungs of the ladder that each thing has reached with each person.
create table remind_sent (
  person_id integer not null,
  task      text not null,
  rung      integer not null,
  sent_on   text not null,
  primary key (person_id, task, rung)
) strict;
create index remind_sent_day on remind_sent (sent_on);

create table remind_pauses (
  person_id integer primary key,
  until_on  text not null,
  set_by    text not null,
  set_at    text not null
) strict;

-- What became of letters, of all senders in the program.
create table remind_letters (
  id         text primary key,
  address    text not null,
  subject    text not null,
  attempts   integer not null,
  last_at    text not null,
  last_error text not null,
  final      integer not null,
  sent_at    text
) strict;
create index remind_letters_last on remind_letters (last_at);
