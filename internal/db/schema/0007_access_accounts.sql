-- Accounts, grants, sessions and keys. Instants here are the machine's, days
-- the city's. Secrets are kept as hashes: passwords by argon2id, tokens, which
-- are random, by SHA-256. Nothing but throttles, old sessions and old devices
-- is ever removed.
create table access_accounts (
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
create unique index access_accounts_login on access_accounts (login);
create index access_accounts_unit on access_accounts (unit_id);

-- Passwords that an account had, newest last, so that they do not come back.
create table access_passwords (
  id         integer primary key,
  account_id integer not null references access_accounts (id),
  hash       text not null,
  made_at    text not null
) strict;
create index access_passwords_account on access_passwords (account_id);

create table access_recovery (
  id         integer primary key,
  account_id integer not null references access_accounts (id),
  hash       text not null,
  used_at    text
) strict;
create index access_recovery_account on access_recovery (account_id, hash);

-- A role in a unit. since and until are its first and last day; null: no bound.
-- lent_by is the account that lent it and lent_of the grant it comes from, 0
-- where it is nobody else's. ended_at is set where somebody took it back.
create table access_grants (
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
create index access_grants_account on access_grants (account_id);

-- One-time links. account_id is null for the link of the first start.
create table access_links (
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
create unique index access_links_hash on access_links (hash);
create index access_links_account on access_links (account_id);

create table access_devices (
  id         integer primary key,
  account_id integer not null references access_accounts (id),
  hash       text not null,
  made_at    text not null,
  seen_at    text not null
) strict;
create unique index access_devices_hash on access_devices (hash);
create index access_devices_account on access_devices (account_id);

-- needs says what is still missing before the session counts.
create table access_sessions (
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
create unique index access_sessions_hash on access_sessions (hash);
create index access_sessions_account on access_sessions (account_id);

-- What has failed lately, by account, device and address, each as a hash.
create table access_throttles (
  subject  text primary key,
  failures integer not null,
  last_at  text not null
) strict;
create index access_throttles_last on access_throttles (last_at);

create table access_keys (
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
create unique index access_keys_prefix on access_keys (prefix);

-- For the audit page: what one person has done, newest first.
create index access_ledger_actor on ledger_entries (actor, seq);
