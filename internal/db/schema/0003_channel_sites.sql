create table channel_sites (
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
create unique index channel_sites_slug on channel_sites (slug);
create unique index channel_sites_address on channel_sites (host, path_prefix);

-- parent_id is 0 for columns of the first level. closed_on is the first day on
-- which a column is not shown any more; its row stays.
create table channel_columns (
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
create unique index channel_columns_slug on channel_columns (site_id, parent_id, slug);

-- One row: a token that every change replaces; see unit_revision.
create table channel_revision (
  one   integer primary key check (one = 1),
  token integer not null
) strict;
insert into channel_revision (one, token) values (1, 0);
