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

-- A view that a rebuild makes anew: how many lines each stream has, and the last one; and every line.
create table page (
    id      uuid    not null,
    lines   integer not null,
    last    text    not null,
    search  tsvector generated always as (to_tsvector('simple', last)) stored,
    constraint page_id primary key (id),
    constraint page_lines check (lines > 0)
);
create index page_search on page using gin (search);
create index page_last on page (last) where lines > 1;
create table page_line (
    number  bigint  generated always as identity,
    page_id uuid    not null,
    version bigint  not null,
    text    text    not null,
    constraint page_line_version primary key (page_id, version)
);
create index page_line_text on page_line (text);

-- A view that commands write with their events, and a rebuild makes anew.
create table shelf (
    id      uuid    not null,
    lines   integer not null,
    last    text,
    version bigint  not null,
    constraint shelf_id primary key (id)
);
create index shelf_last on shelf (last);
