-- The machines that may come in: the same view in every service, of the incident-service's access events.
create table api_token (
    id            uuid        primary key,
    name          text        not null,
    role          text        not null,
    secret_sha256 bytea       not null,
    created_by    text        not null,
    created_at    timestamptz not null,
    expires_at    timestamptz not null,
    revoked_at    timestamptz,
    version       bigint      not null,
    constraint api_token_secret unique (secret_sha256)
);

-- Login links that were used; kept a day longer than they were valid.
create table used_login_link (
    id         uuid        not null,
    expires_at timestamptz not null,
    constraint used_login_link_id primary key (id)
);
