-- Blobs that are found by name: the newest file of each bulk download.
create table blob_names (
  name       text primary key,
  hash       text not null,
  size       integer not null,
  media_type text not null,
  note       text not null,
  named_at   text not null
) strict;
