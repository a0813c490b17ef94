-- Who may see which incident, in every service's own database (dev.hindsight.conventions.access). It says what is so now; a
-- question about the past is judged by it as well.

-- From incident-events: incidents that only participants and admins may see.
create table restricted_incident (
    incident_id uuid not null,
    constraint restricted_incident_id primary key (incident_id)
);

-- From incident-events: what makes somebody a participant of an incident, restricted or not, as it may be restricted any time.
-- One row a way: 'role:<name>', 'page:<person>', 'added:<person>'; without a person, nobody is one by it any more. The fact
-- that happened last counts, in whatever order they came; those that count in the order of recording all happened at 'epoch'.
create table participation (
    incident_id  uuid        not null,
    way          text        not null,
    person       uuid,
    happened_at  timestamptz not null,
    source_order integer     not null,
    version      bigint      not null,
    constraint participation_way primary key (incident_id, way)
);

-- From action-item-events: whoever owns an item takes part in its incident; nobody does by a canceled one.
create table item_participation (
    item_id     uuid not null,
    incident_id uuid not null,
    person      uuid,
    constraint item_participation_item primary key (item_id)
);
create index item_participation_incident on item_participation (incident_id);

-- From incident-events (catalog): people whom tools know, by the subject of the token that they come in with. Who was learned
-- from a token has no row.
create table person_subject (
    person  uuid not null,
    subject text not null,
    constraint person_subject_person primary key (person)
);
create index person_subject_subject on person_subject (subject);
