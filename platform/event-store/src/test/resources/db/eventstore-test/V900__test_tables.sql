-- What a service would have beside the event store, for its tests.

create table notebook_view (
    id    uuid primary key,
    lines integer not null,
    last  text
);

-- Something that may happen once.
create table only_once (
    name text constraint only_once_name primary key
);

-- Refuses at the commit, after every write of the statement.
create table late (
    notebook uuid not null
        constraint late_notebook references notebook_view deferrable initially deferred
);

-- What a projection was handed, in the order it was handed over; a second time would be a second row.
create table seen (
    position  bigint generated always as identity primary key,
    stream_id uuid   not null,
    version   bigint not null,
    event_id  uuid   not null,
    text      text
);

-- The same for what comes through a channel.
create table followed (
    position  bigint generated always as identity primary key,
    stream_id uuid   not null,
    version   bigint not null
);
