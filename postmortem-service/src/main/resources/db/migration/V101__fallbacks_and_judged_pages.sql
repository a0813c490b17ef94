-- What a declaration says although no tool said it, and how many pages a calendar has judged at all. The rows that are
-- there hold both already, in other words.
alter table timeline_entry add column title_fallback boolean not null default false;
alter table timeline_entry add column severity_fallback boolean not null default false;
update timeline_entry
set title_fallback = declaration #>> '{observed,title}' is null,
    severity_fallback = declaration #>> '{observed,severity}' is null
where jsonb_typeof(declaration -> 'observed') = 'object';

alter table incident add column pages_judged bigint not null default 0;
update incident i
set pages_judged = (select count(*) from timeline_entry e
                    where e.incident_id = i.id and e.kind = 'PAGED' and e.after_hours is not null);
