-- The event store of one service. Concurrency is the primary key of "event"; nothing else is locked by an append.

create table event (
    stream_id    uuid        not null,
    version      bigint      not null check (version > 0),
    id           uuid        not null,
    key_id       uuid        not null,
    type         text        not null,
    occurred_at  timestamptz not null,
    source_order integer     not null,
    recorded_at  timestamptz not null,
    actor        text        not null,
    source       text        not null,
    delivery_id  uuid,
    traceparent  text,
    data         bytea       not null,
    hash         bytea       not null,
    constraint event_stream_version primary key (stream_id, version)
);

-- The hash of each event covers that of the event before it, see HashChain: within one append the events are chained here, as
-- the time of recording is known only here. "previous" is the hash that the first of them is chained to.
create function hash_link(state bytea, previous bytea, content bytea) returns bytea
    language sql immutable parallel safe
    return sha256(coalesce(state, previous) || content);
create aggregate hash_chain (previous bytea, content bytea) (sfunc = hash_link, stype = bytea);

-- What waits for the broker. Only a reference: the relay joins it with the event, oldest first.
create table outbox (
    position  bigint generated always as identity,
    stream_id uuid   not null,
    version   bigint not null,
    constraint outbox_position primary key (position)
);

-- What the broker has, in the order it got it; without gaps, written by the one relay leader.
create table published (
    position  bigint not null,
    stream_id uuid   not null,
    version   bigint not null,
    constraint published_position primary key (position)
);
create index published_stream_version on published (stream_id, version);

-- What the relay's leader knows of its topic, for whoever leads next. "topic_id": which topic bore the name when it was
-- last looked at; another id means that the topic was made anew. "sending": the outbox rows that are on their way, in the
-- order of the positions that they will have, so that a record that is sent again has its position again.
-- Republication: everything in (republished_to, republish_until] is to be sent again; none is due while the latter is null.
create table relay_topic (
    topic             text   not null,
    topic_id          text,
    sending           bigint[] not null default '{}',
    republished_to    bigint not null default 0,
    republish_until   bigint,
    republish_reason  text,
    republish_started timestamptz,
    republish_ended   timestamptz,
    constraint relay_topic_name primary key (topic)
);

-- Answers of commands that carried an Idempotency-Key; kept for seven days.
create table idempotency (
    subject     text        not null,
    method      text        not null,
    path        text        not null,
    key         text        not null,
    fingerprint bytea       not null,
    status      integer     not null,
    etag        text,
    location    text,
    position    text,
    body        bytea       not null,
    created_at  timestamptz not null default now(),
    constraint idempotency_key primary key (subject, method, path, key)
);
create index idempotency_created_at on idempotency (created_at);

-- How far each consumer is with each stream: the only guard against applying twice or out of order. "recent" tells a
-- redelivery from another event of the same version: the last four bytes of the ids of the newest 16 versions. "moved" is by
-- how many versions the last move went, by which the moving upsert sees whether the row still stands where it began.
create table applied (
    consumer  text   not null,
    stream_id uuid   not null,
    version   bigint not null,
    moved     integer not null default 0,
    event_id  uuid   not null,
    recent    bytea  not null,
    constraint applied_stream primary key (consumer, stream_id)
);

-- What a consumer could not apply yet, or at all. GAP: an earlier one is missing. BEHIND: an earlier one of the stream is
-- parked. UNDECODABLE, DEFECT, CONFLICT, UNATTRIBUTABLE: somebody has to look. Settled rows stay as a record of who
-- decided what (settlement APPLIED or DISCARDED).
create table parked_event (
    id           bigint generated always as identity primary key,
    consumer     text        not null,
    stream_id    uuid,
    version      bigint,
    event_id     uuid,
    type         text,
    reason       text        not null,
    detail       text,
    topic        text        not null,
    kafka_partition integer  not null,
    kafka_offset bigint      not null,
    headers      jsonb       not null,
    key_bytes    bytea,
    data         bytea       not null,
    parked_at    timestamptz not null default now(),
    repair_requested_at timestamptz,
    repair_requests     integer not null default 0,
    settlement     text,
    settled_at     timestamptz,
    settled_by     text,
    settled_reason text
);
create unique index parked_event_open on parked_event (consumer, stream_id, version, event_id)
    where settled_at is null and event_id is not null;
create index parked_event_discarded on parked_event (consumer, stream_id) where settlement = 'DISCARDED';
-- What belongs to no stream is known by its place on the topic, and by its bytes where the topic was made anew.
create unique index parked_event_place on parked_event (consumer, topic, kafka_partition, kafka_offset, md5(data))
    where stream_id is null;

create index parked_event_waiting on parked_event (consumer, stream_id) where settled_at is null and reason = 'GAP';

-- How far this service is with each partition of the topics that it reads, never ahead of what is applied or parked.
-- "position" is the highest number of the owner's "published" that its records carried.
create table consumed (
    topic           text        not null,
    kafka_partition integer     not null,
    topic_id        text        not null,
    next_offset     bigint      not null,
    position        bigint      not null,
    noted_at        timestamptz not null default now(),
    constraint consumed_partition primary key (topic, kafka_partition)
);

-- Records that a topic has lost before they were read here, and when its owner was asked to send them again.
create table lost_range (
    id              bigint generated always as identity primary key,
    topic           text        not null,
    kafka_partition integer     not null,
    topic_id        text        not null,
    from_offset     bigint      not null,
    to_offset       bigint      not null,
    after_position  bigint      not null,
    until_position  bigint,
    noticed_at      timestamptz not null default now(),
    requested_at    timestamptz
);
create index lost_range_open on lost_range (id) where requested_at is null;

-- A projection that met an event of a newer version than its own code: it is complete again after a rebuild.
create table projection_note (
    consumer       text        primary key,
    rebuild_needed boolean     not null default false,
    unknown_type   text,
    noted_at       timestamptz not null default now()
);

-- Rebuilds of views, the newest one of each being the last one asked for. One that is not finished, and whose advisory lock
-- nobody holds, went with its instance.
create table projection_rebuild (
    id               uuid        not null,
    projection       text        not null,
    state            text        not null,
    started_by       text        not null,
    started_at       timestamptz not null,
    seen_at          timestamptz not null default clock_timestamp(),
    finished_at      timestamptz,
    events_done      bigint      not null default 0,
    events_total     bigint,
    streams          bigint      not null default 0,
    cancel_requested boolean     not null default false,
    failure          text,
    constraint projection_rebuild_id primary key (id)
);
create index projection_rebuild_newest on projection_rebuild (projection, id);
