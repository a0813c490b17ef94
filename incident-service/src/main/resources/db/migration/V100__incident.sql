-- Own view of the incidents, written by the statement that appends; and what is not an event.

create sequence incident_number;

-- What the filters role and owner ask for: each role that somebody holds, alone and with its holder.
create function held_roles(roles jsonb) returns text[]
    language sql immutable parallel safe
    return array(select held from jsonb_each_text(roles) r(role, person), unnest(array[role, role || ' ' || person]) held);

create table incident (
    id                uuid        primary key,
    reference         text        not null unique,
    title             text        not null,
    summary           text,
    severity          text        not null,
    status            text        not null,
    kind              text        not null,
    visibility        text        not null,
    customer_facing   boolean     not null,
    security          boolean     not null,
    services          text[]      not null,
    roles             jsonb       not null,
    participants      uuid[]      not null,
    impact            jsonb       not null,
    links             jsonb       not null,
    impact_started_at timestamptz,
    detected_at       timestamptz,
    declared_at       timestamptz not null,
    acknowledged_at   timestamptz,
    mitigated_at      timestamptz,
    resolved_at       timestamptz,
    closed_at         timestamptz,
    pages             integer     not null,
    reopenings        integer     not null,
    sources           text[]      not null,
    version           bigint      not null,
    -- Kept rather than indexed as expressions: a walk by time asks them of thousands of rows.
    service_keys      text[]      not null generated always as (service_keys(services)) stored,
    held_roles        text[]      not null generated always as (held_roles(roles)) stored,
    words             tsvector    not null generated always as (to_tsvector('simple', title || ' ' || coalesce(summary, ''))) stored
);
create index incident_by_time on incident (declared_at desc, id desc);
create index incident_by_severity on incident (severity, declared_at desc, id desc);
create index incident_by_status on incident (status, declared_at desc, id desc);
create index incident_by_kind on incident (kind, declared_at desc, id desc);
-- However a service is spelt (V4__catalog.sql).
create index incident_services on incident using gin (service_keys);
create index incident_ongoing on incident using gin (service_keys) where status in ('OPEN', 'ACKNOWLEDGED', 'MITIGATED');
create index incident_roles on incident using gin (held_roles);
create index incident_text on incident using gin (words);

-- Which incident each occurrence of an alert belongs to. A table of its own, so that one more alert of a storm costs a row
-- and not the list of all.
-- Compared byte by byte, so that all occurrences of what is watched stand together.
create table incident_alert (
    key         text collate "C" not null,
    incident_id uuid    not null,
    declares    boolean not null,
    constraint incident_alert_key primary key (key)
);

-- No view: whose turn it is to let an alert declare an incident of a service, or of a rule that names none. Of two instances
-- that found no open incident at the same moment, one has its turn; the other meets the constraint and looks again.
create table alert_declaration (
    scope       text   not null,
    turn        bigint not null,
    incident_id uuid   not null,
    constraint alert_declaration_turn primary key (scope, turn)
);

-- What the closure policy asks of others: how far each postmortem is, and each action item. Null: not said yet.
create table closure_postmortem (
    id           uuid    primary key,
    incident_id  uuid    not null,
    is_published boolean,
    is_waived    boolean,
    is_required  boolean,
    is_duty      boolean,
    is_reviewed  boolean,
    draft_due_at timestamptz
);
create index closure_postmortem_due on closure_postmortem (draft_due_at)
    where is_duty and is_reviewed is null and is_published is null and is_waived is null;

create table closure_item (
    id          uuid  primary key,
    incident_id uuid  not null,
    reference   text,
    details     jsonb,
    status      text
);
create index closure_item_by_incident on closure_item (incident_id);
create index closure_item_due on closure_item ((details ->> 'dueDate')) where status in ('PROPOSED', 'ACCEPTED', 'IN_PROGRESS');

create table deploy (
    id          uuid        primary key,
    tool        text        not null,
    external_id text        not null,
    service     text        not null,
    environment text        not null,
    production  boolean     not null,
    ref         text,
    revision    text,
    url         text,
    state       text        not null,
    heard_of_at timestamptz not null,
    begun_at    timestamptz,
    ended_at    timestamptz,
    version     bigint      not null
);
create index deploy_by_time on deploy (heard_of_at desc, id desc);
create index deploy_by_service on deploy (lower(btrim(service)), heard_of_at desc, id desc);
create index deploy_that_ended on deploy (lower(btrim(service)), coalesce(ended_at, begun_at)) where production;
create index deploy_by_state on deploy (state, heard_of_at desc, id desc);

-- Which deploys may have contributed to which incidents, and what people say of that; with what was said of the deploy then.
create table deploy_link (
    incident_id uuid        not null,
    deploy_id   uuid        not null,
    verdict     text        not null,
    deployed_at timestamptz not null,
    service     text        not null,
    environment text        not null,
    ref         text,
    revision    text,
    url         text,
    constraint deploy_link_id primary key (incident_id, deploy_id)
);
create index deploy_link_by_deploy on deploy_link (deploy_id, incident_id);

-- Where people talk about an incident. A channel belongs to the incident that it was linked to last.
create table incident_channel (
    incident_id    uuid        not null,
    integration_id uuid        not null,
    channel        text        not null,
    name           text,
    linked_at      timestamptz not null,
    constraint incident_channel_id primary key (incident_id, integration_id, channel)
);
create index incident_channel_by_channel on incident_channel (integration_id, channel, linked_at desc, incident_id desc);

-- Of teams, and one of the house: "team_id" is null then.
create table calendar (
    id       uuid   primary key,
    team_id  uuid,
    calendar jsonb  not null,
    version  bigint not null
);
create unique index calendar_team on calendar (team_id) nulls not distinct;

create table integration (
    id                 uuid        primary key,
    name               text        not null,
    provider           text        not null,
    secret             bytea       not null,
    previous_secret    bytea,
    previous_until     timestamptz,
    default_service    text,
    default_severity   text        not null,
    severity_mapping   jsonb       not null,
    auto_declare       boolean     not null,
    grouping_minutes   integer     not null,
    mapping            jsonb,
    version            bigint      not null,
    created_at         timestamptz not null,
    deleted_at         timestamptz
);

create table delivery (
    id               uuid        not null,
    integration_id   uuid        not null references integration (id),
    event_type       text,
    outcome          text        not null,
    reason           text,
    incidents        uuid[]      not null,
    headers          jsonb       not null,
    body             bytea       not null,
    attempts         integer     not null default 1,
    received_at      timestamptz not null,
    last_received_at timestamptz not null,
    -- Since when headers and body are no longer kept.
    forgotten_at     timestamptz,
    constraint delivery_id primary key (id)
);
create index delivery_as_it_came on delivery (received_at) where forgotten_at is null;
create index delivery_by_time on delivery (received_at desc, id desc);
create index delivery_by_integration on delivery (integration_id, received_at desc, id desc);
create index delivery_by_outcome on delivery (outcome, received_at desc, id desc);

-- Outbound webhooks. The address is kept encrypted, as some carry a secret of their own; "shown_url" is what may be read of it.
-- "failures" in a row, whatever the incident; nothing is sent before "not_before".
create table subscription (
    id                 uuid        primary key,
    name               text        not null,
    format             text        not null check (format in ('STANDARD', 'SLACK')),
    url                bytea       not null,
    shown_url          text        not null,
    secret             bytea,
    previous_secret    bytea,
    previous_until     timestamptz,
    types              text[]      not null,
    services           text[]      not null,
    severities         text[]      not null,
    include_restricted boolean     not null,
    include_imported   boolean     not null,
    state              text        not null default 'ACTIVE' check (state in ('ACTIVE', 'DISABLED')),
    disabled_because   text,
    disabled_at        timestamptz,
    last_sequence      bigint      not null default 0,
    failures           integer     not null default 0,
    failing_since      timestamptz,
    last_success_at    timestamptz,
    not_before         timestamptz,
    version            bigint      not null default 1,
    created_at         timestamptz not null,
    deleted_at         timestamptz
);

-- What some subscription is to be told, once for all of them: also events of other services, and notices that are no event.
create table outbound_event (
    id           uuid        primary key,
    key_id       uuid        not null,
    stream_id    uuid        not null,
    version      bigint      not null,
    type         text        not null,
    occurred_at  timestamptz not null,
    source_order integer     not null,
    recorded_at  timestamptz not null,
    actor        text        not null,
    source       text        not null,
    delivery_id  uuid,
    traceparent  text,
    data         bytea       not null,
    taken_at     timestamptz not null default now()
);
create index outbound_event_taken_at on outbound_event (taken_at);

-- In the order of "position". "sequence" is given when it is first sent, so that the receiver's numbers have no gaps whatever
-- is withheld. WAITING, DELIVERED, FAILED (given up), WITHHELD (restricted by then).
create table outbound_message (
    subscription_id  uuid        not null,
    position         bigint      generated always as identity,
    event_id         uuid        not null,
    key_id           uuid        not null,
    sequence         bigint,
    state            text        not null default 'WAITING' check (state in ('WAITING', 'DELIVERED', 'FAILED', 'WITHHELD')),
    attempts         integer     not null default 0,
    first_attempt_at timestamptz,
    settled_at       timestamptz,
    constraint outbound_message_position primary key (subscription_id, position),
    constraint outbound_message_event unique (subscription_id, event_id)
);
create unique index outbound_message_sequence on outbound_message (subscription_id, sequence);
create index outbound_message_waiting on outbound_message (subscription_id, key_id, position) where state = 'WAITING';
create index outbound_message_settled_at on outbound_message (settled_at) where settled_at is not null;
create index outbound_message_by_event on outbound_message (event_id);

-- An incident of which something waits for a subscription. Whoever holds the lease sends, one message after the other; who is
-- ended with it is missed when the lease is over.
create table outbound_lane (
    subscription_id uuid        not null,
    key_id          uuid        not null,
    next_attempt_at timestamptz not null,
    lease           uuid,
    leased_until    timestamptz,
    constraint outbound_lane_id primary key (subscription_id, key_id)
);
create index outbound_lane_due on outbound_lane (subscription_id, next_attempt_at);

create table outbound_attempt (
    id              uuid        primary key,
    subscription_id uuid        not null,
    sequence        bigint      not null,
    event_id        uuid        not null,
    event_type      text        not null,
    key_id          uuid        not null,
    attempted_at    timestamptz not null,
    took_millis     bigint      not null,
    outcome         text        not null check (outcome in ('DELIVERED', 'RETRYING', 'GIVEN_UP', 'DISABLED')),
    status          integer,
    error           text,
    detail          text,
    next_attempt_at timestamptz
);
create index outbound_attempt_newest on outbound_attempt (subscription_id, id desc);

-- How far in the log of what this service published the events are taken.
create table outbound_cursor (
    only_one boolean primary key default true check (only_one),
    position bigint  not null
);
insert into outbound_cursor (position) values (0);

-- Of what it was said that it is overdue, and since when: nobody is told twice.
create table overdue_notice (
    subject  uuid        not null,
    due      text        not null,
    told_at  timestamptz not null default now(),
    constraint overdue_notice_subject primary key (subject, due)
);
