-- Facts that metrics are measured on, one table for each kind of stream, with their history: a row holds from recorded_at
-- until superseded_at, both by the owner's database clock, so that "now" and "as of" are the same question. Rows are only
-- ever added, and superseded once. Joins between streams happen when reading.

create table incident_fact (
    incident_id       uuid        not null,
    version           bigint      not null,
    recorded_at       timestamptz not null,
    superseded_at     timestamptz not null default 'infinity',
    severity          text        not null,
    kind              text        not null,
    status            text        not null,
    counts            boolean     not null,
    services          text[]      not null,
    impact_started_at timestamptz,
    detected_at       timestamptz,
    declared_at       timestamptz,
    acknowledged_at   timestamptz,
    mitigated_at      timestamptz,
    resolved_at       timestamptz,
    closed_at         timestamptz,
    first_alert_at    timestamptz,
    first_page_at     timestamptz,
    reopenings        integer     not null,
    -- Where the incident stands in time: by its declaration, else by its first event, to be counted as excluded there.
    placed_at         timestamptz not null,
    constraint incident_fact_version primary key (incident_id, version)
);
create unique index incident_fact_now on incident_fact (incident_id) where superseded_at = 'infinity';
create index incident_fact_now_placed on incident_fact (placed_at) where superseded_at = 'infinity' and counts;
create index incident_fact_now_severity on incident_fact (severity, placed_at) where superseded_at = 'infinity' and counts;
-- Of every version, for asOf; few enough of a service for now as well.
create index incident_fact_services on incident_fact using gin (services) where counts;
create index incident_fact_placed on incident_fact (placed_at, recorded_at) where counts;

create table postmortem_fact (
    postmortem_id uuid        not null,
    version       bigint      not null,
    recorded_at   timestamptz not null,
    superseded_at timestamptz not null default 'infinity',
    incident_id   uuid        not null,
    required      boolean     not null,
    duty          boolean     not null,
    waived        boolean     not null,
    resolved_at   timestamptz,
    published_at  timestamptz,
    constraint postmortem_fact_version primary key (postmortem_id, version)
);
create unique index postmortem_fact_now on postmortem_fact (postmortem_id) where superseded_at = 'infinity';
create index postmortem_fact_now_incident on postmortem_fact (incident_id) where superseded_at = 'infinity';
create index postmortem_fact_incident on postmortem_fact (incident_id, recorded_at);

create table action_item_fact (
    action_item_id uuid        not null,
    version        bigint      not null,
    recorded_at    timestamptz not null,
    superseded_at  timestamptz not null default 'infinity',
    incident_id    uuid        not null,
    status         text        not null,
    priority       text,
    due_date       date,
    accepted_at    timestamptz,
    done_at        timestamptz,
    constraint action_item_fact_version primary key (action_item_id, version)
);
create unique index action_item_fact_now on action_item_fact (action_item_id) where superseded_at = 'infinity';
create index action_item_fact_now_incident on action_item_fact (incident_id) where superseded_at = 'infinity';
create index action_item_fact_incident on action_item_fact (incident_id, recorded_at);
