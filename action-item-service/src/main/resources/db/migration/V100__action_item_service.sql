-- What action-item-service reads: its own items, written with their events, and what it learned from incident-events.

create sequence action_item_number;

-- One row an item, set as a whole by the statement that appends its event.
create table action_item (
    id                       uuid        not null,
    version                  bigint      not null,
    reference                text        not null,
    incident_id              uuid        not null,
    postmortem_id            uuid        not null,
    status                   text        not null,
    title                    text        not null,
    change_kind              text,
    change_description       text,
    change_url               text,
    owner                    uuid,
    due_date                 date,
    -- The due date, or a day after all others: lists are sorted by it, and a cursor cannot compare null.
    sort_due                 date        not null,
    priority                 text,
    type                     text,
    category                 text,
    risk                     text,
    verification_kind        text,
    verification_description text,
    created_at               timestamptz not null,
    accepted_at              timestamptz,
    started_at               timestamptz,
    completed_at             timestamptz,
    completion_note          text,
    verified_at              timestamptz,
    evidence                 text,
    canceled_at              timestamptz,
    cancellation_reason      text,
    changed_at               timestamptz not null,
    search                   tsvector    not null generated always as (to_tsvector('simple',
        reference || ' ' || title || ' ' || coalesce(change_description, '') || ' ' || coalesce(verification_description, ''))) stored,
    constraint action_item_id primary key (id),
    constraint action_item_reference unique (reference)
);
create index action_item_due on action_item (sort_due, id);
create index action_item_open_due on action_item (sort_due, id) where status in ('PROPOSED', 'ACCEPTED', 'IN_PROGRESS');
create index action_item_incident on action_item (incident_id, sort_due, id);
create index action_item_postmortem on action_item (postmortem_id, sort_due, id);
create index action_item_owner on action_item (owner, sort_due, id);
create index action_item_status on action_item (status, sort_due, id);
create index action_item_priority on action_item (priority, sort_due, id);
create index action_item_category on action_item (category, sort_due, id);
create index action_item_search on action_item using gin (search);

-- What was known of an item, and from when until when: nothing is overwritten, so that any past moment can be asked for.
create table action_item_history (
    item_id       uuid        not null,
    version       bigint      not null,
    incident_id   uuid        not null,
    postmortem_id uuid        not null,
    status        text        not null,
    due_date      date,
    owner         uuid,
    priority      text,
    occurred_at   timestamptz not null,
    recorded_at   timestamptz not null,
    superseded_at timestamptz not null default 'infinity',
    constraint action_item_history_version primary key (item_id, version)
);
create index action_item_history_now on action_item_history (postmortem_id) where superseded_at = 'infinity';
create index action_item_history_then on action_item_history (postmortem_id, recorded_at, superseded_at);

-- From incident-events: where each incident stands, as its newest event says.
create table incident (
    id         uuid      not null,
    reference  text      not null,
    title      text      not null,
    severity   text      not null,
    services   varchar[] not null,
    kind       text      not null,
    visibility text      not null,
    status     text      not null,
    constraint incident_id primary key (id)
);
create index incident_reference on incident (reference);
create index incident_services on incident using gin (service_keys(services));
