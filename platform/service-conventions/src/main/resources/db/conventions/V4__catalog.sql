-- People, services and teams, in every service's own database (dev.hindsight.conventions.catalog): the only place of a person's
-- name. incident-service writes it with the append, the others grow it from incident-events.

-- "merged_into": what the entry really is. "name", "tool" and "key" are null in a consumer where the name was removed.
-- "subject" and "aliases", which people said, are kept by incident-service alone.
create table catalog_entry (
    id           uuid    not null,
    kind         text    not null check (kind in ('PERSON', 'SERVICE', 'TEAM')),
    name         text,
    tool         text,
    key          text,
    team_id      uuid,
    lead_id      uuid,
    time_zone    text,
    subject      text,
    aliases      jsonb   not null default '{"items": []}',
    learned      boolean not null,
    merged_into  uuid,
    name_removed boolean not null default false,
    version      bigint  not null,
    constraint catalog_entry_id primary key (id)
);
create index catalog_entry_by_name on catalog_entry (kind, name, id);
create index catalog_entry_by_key on catalog_entry (kind, lower(name));
create index catalog_entry_by_team on catalog_entry (team_id) where team_id is not null;
create index catalog_entry_duplicates on catalog_entry (merged_into) where merged_into is not null;
-- All entries that are the same.
create index catalog_entry_same on catalog_entry (coalesce(merged_into, id));

-- However a service is spelt; by an index on an expression, as no append has to write it and the planner learns which are common.
create function service_keys(services text[]) returns text[]
    language sql immutable parallel safe
    return array(select lower(btrim(service)) from unnest(services) s(service));

-- How a service may be called in an incident: what is merged with it in the catalog is the same. No function here names the
-- catalog but by its text: a rebuild puts another table in the place of this one.
create function same_services(service text) returns text[]
    language sql stable
    as $$
      select array(
        select lower(btrim(service))
        union
        select lower(other.name)
        from catalog_entry named
        join catalog_entry other on coalesce(other.merged_into, other.id) = coalesce(named.merged_into, named.id)
        where named.kind = 'SERVICE' and lower(named.name) = lower(btrim(service)))
    $$;

-- The services of a team, of whatever is merged with it, under every name. A service is the team's whom the entry that stands
-- for it names, else those that the entries name that are merged into it.
create function services_of(team text) returns text[]
    language sql stable
    as $$
      select array(
        select lower(called.name)
        from catalog_entry named
        join catalog_entry owner on coalesce(owner.merged_into, owner.id) = coalesce(named.merged_into, named.id)
        join catalog_entry owned on owned.team_id = owner.id and owned.kind = 'SERVICE'
        left join catalog_entry whole on whole.id = owned.merged_into
        join catalog_entry called on coalesce(called.merged_into, called.id) = coalesce(owned.merged_into, owned.id)
        where named.kind = 'TEAM' and lower(named.name) = lower(btrim(team)) and whole.team_id is null)
    $$;

-- Every name of a service, the name that stands for it, and each team whose it is: none, and "team" is null.
create function service_names() returns table (key text, name text, team text)
    language sql stable
    as $$
      select distinct lower(called.name), coalesce(whole.name, called.name), coalesce(owner_whole.name, owner.name)
      from catalog_entry called
      left join catalog_entry whole on whole.id = called.merged_into
      left join catalog_entry owned on coalesce(owned.merged_into, owned.id) = coalesce(called.merged_into, called.id)
          and owned.kind = 'SERVICE' and owned.team_id is not null
          and (owned.merged_into is null
               or case when called.merged_into is null then called.team_id else whole.team_id end is null)
      left join catalog_entry owner on owner.id = owned.team_id
      left join catalog_entry owner_whole on owner_whole.id = owner.merged_into
      where called.kind = 'SERVICE'
    $$;
