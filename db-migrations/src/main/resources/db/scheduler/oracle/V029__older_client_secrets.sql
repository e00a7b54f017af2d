-- Secrets of clients that still work when further rotations have taken the place of the one before.

create table client_old_secret (
    owner_key          varchar2(63 char) not null,
    -- SECRET (its hash) or WEBHOOK (sealed)
    kind               varchar2(16 char) not null,
    -- the client's version that took its place
    owner_version      integer not null,
    secret             varchar2(1000 char) not null,
    works_until        timestamp(6) with time zone not null,
    constraint client_old_secret_pk primary key (owner_key, kind, owner_version),
    constraint client_old_secret_fk foreign key (owner_key) references api_client (client_key) on delete cascade
);
