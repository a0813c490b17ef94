-- What a service would have beside the platform's tables, for the tests of the doors.

create table sample_line (
    id   uuid not null,
    text text not null,
    constraint sample_line_id primary key (id)
);
