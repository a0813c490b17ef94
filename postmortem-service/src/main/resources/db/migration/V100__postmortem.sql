-- The views of the postmortem service. One row a stream; what belongs together is joined when it is read.

-- One row an event of an incident: its entry in the timeline. Never changed, but for "superseded": a provisional declaration
-- steps back when the real one arrives, what is said of the deploy that was "suspected" when more is said. "over_since" is the resolution, else the closing, as known after the event.
create table timeline_entry (
    id               uuid        not null,
    incident_id      uuid        not null,
    sequence         bigint      not null,
    kind             text        not null,
    occurred_at      timestamptz not null,
    source_order     integer     not null,
    recorded_at      timestamptz not null,
    actor            text        not null,
    text             text        not null,
    about_person     uuid,
    about_incident   uuid,
    is_key           boolean     not null,
    superseded       boolean     not null default false,
    source           text        not null,
    delivery_id      uuid,
    url              text,
    fingerprint      text,
    provisional      boolean     not null,
    over_since       timestamptz,
    suspected        uuid,
    constraint timeline_entry_id primary key (id)
);
create index timeline_entry_order on timeline_entry (incident_id, occurred_at, source_order, sequence);
create index timeline_entry_over on timeline_entry (incident_id, over_since, recorded_at) where over_since is not null;
create index timeline_entry_fingerprint on timeline_entry (fingerprint, incident_id) where fingerprint is not null;

-- An incident as its newest event says.
create table incident (
    id                uuid        not null,
    version           bigint      not null,
    reference         text        not null,
    title             text        not null,
    severity          text        not null,
    status            text        not null,
    kind              text        not null,
    services          varchar[]   not null,
    customer_facing   boolean     not null,
    security          boolean     not null,
    imported          boolean     not null,
    roles             text        not null,
    acknowledger      uuid,
    impact            text        not null,
    impact_started_at timestamptz,
    detected_at       timestamptz,
    declared_at       timestamptz,
    acknowledged_at   timestamptz,
    mitigated_at      timestamptz,
    resolved_at       timestamptz,
    closed_at         timestamptz,
    reopenings        integer     not null,
    first_alert_at    timestamptz,
    first_page_at     timestamptz,
    pages             bigint      not null,
    pages_judged      bigint      not null,
    pages_after_hours bigint      not null,
    resolution_recorded_at timestamptz,
    search            tsvector    generated always as (to_tsvector('simple', reference || ' ' || title)) stored,
    constraint incident_id primary key (id)
);
create index incident_declared on incident (declared_at);
create index incident_reference on incident (reference);
create index incident_severity on incident (severity, declared_at);
create index incident_services on incident using gin (service_keys(services));
create index incident_search on incident using gin (search);

-- The service's own view of its streams, written by the statement that appends. "content" is the whole document.
create table postmortem (
    id            uuid        not null,
    incident_id   uuid        not null,
    version       bigint      not null,
    status        text        not null,
    owner         uuid,
    resolved_at   timestamptz not null,
    drafted_at    timestamptz not null,
    published_at  timestamptz,
    content       text        not null,
    prose         text        not null,
    search        tsvector    generated always as (to_tsvector('simple', prose)) stored,
    constraint postmortem_id primary key (id),
    constraint postmortem_incident unique (incident_id)
);
create index postmortem_order on postmortem (resolved_at desc, id desc);
create index postmortem_status on postmortem (status, resolved_at desc, id desc);
create index postmortem_owner on postmortem (owner, resolved_at desc, id desc);
create index postmortem_search on postmortem using gin (search);

-- The action items of incidents, from the action-item service.
create table action_item (
    id            uuid        not null,
    incident_id   uuid        not null,
    version       bigint      not null,
    reference     text        not null,
    title         text        not null,
    owner         uuid,
    due_date      date,
    priority      text,
    type          text,
    category      text,
    status        text        not null,
    findings      text        not null,
    proposed_at   timestamptz not null,
    constraint action_item_id primary key (id)
);
create index action_item_incident on action_item (incident_id, proposed_at, id);
