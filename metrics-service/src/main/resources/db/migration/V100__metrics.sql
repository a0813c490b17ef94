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
create index incident_fact_services on incident_fact using gin (service_keys(services)) where counts;
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

create table deploy_fact (
    deploy_id     uuid        not null,
    version       bigint      not null,
    recorded_at   timestamptz not null,
    superseded_at timestamptz not null default 'infinity',
    services      text[]      not null,
    production    boolean     not null,
    state         text        not null,
    placed_at     timestamptz not null,
    constraint deploy_fact_version primary key (deploy_id, version)
);
create unique index deploy_fact_now on deploy_fact (deploy_id) where superseded_at = 'infinity';
create index deploy_fact_now_placed on deploy_fact (placed_at) where superseded_at = 'infinity';
create index deploy_fact_services on deploy_fact using gin (service_keys(services));
create index deploy_fact_placed on deploy_fact (placed_at, recorded_at);

-- The deploys that an incident may come from: all that are not dismissed, and among them those that somebody confirmed.
create table deploy_links_fact (
    incident_id   uuid        not null,
    version       bigint      not null,
    recorded_at   timestamptz not null,
    superseded_at timestamptz not null default 'infinity',
    linked        uuid[]      not null,
    confirmed     uuid[]      not null,
    constraint deploy_links_fact_version primary key (incident_id, version)
);
create unique index deploy_links_fact_now on deploy_links_fact (incident_id) where superseded_at = 'infinity';
create index deploy_links_fact_linked on deploy_links_fact using gin (linked);

-- Each notification of a responder. Nothing of it ever changes, so that there is no history.
create table page_fact (
    incident_id uuid        not null,
    version     bigint      not null,
    recorded_at timestamptz not null,
    person      uuid        not null,
    paged_at    timestamptz not null,
    -- As judged when it was recorded; null where no calendar said.
    after_hours boolean,
    constraint page_fact_version primary key (incident_id, version)
);
create index page_fact_paged on page_fact (paged_at);

-- When somebody of a team is on call: parts of the week by the clock on the wall of "time_zone", in minutes since its Monday
-- began. Of the house where "team_id" is null.
create table calendar_fact (
    calendar_id   uuid        not null,
    version       bigint      not null,
    recorded_at   timestamptz not null,
    superseded_at timestamptz not null default 'infinity',
    team_id       uuid,
    time_zone     text        not null,
    shift_starts  integer[]   not null,
    shift_lengths integer[]   not null,
    constraint calendar_fact_version primary key (calendar_id, version)
);
create unique index calendar_fact_now on calendar_fact (calendar_id) where superseded_at = 'infinity';
