-- Nodes of the cluster, clients and keys of the platform.

create table node (
    node_id            varchar(36) not null,
    -- one process; another process that takes the node id over brings its own
    incarnation        varchar(36) not null,
    started_at         timestamp(6) with time zone not null,
    checked_in_at      timestamp(6) with time zone not null,
    stopped_at         timestamp(6) with time zone,
    version            varchar(64),
    -- the view of the cluster to whose shares the node keeps: how many nodes, and a fingerprint of which
    applied_count      integer not null,
    applied_view       varchar(64),
    constraint node_pk primary key (node_id)
);

create table api_client (
    client_key         varchar(63) not null,
    system_key         varchar(63),
    -- separated by one space, in the order of the contract
    scopes             varchar(255) not null,
    secret_hash        varchar(255) not null,
    -- the secret before the last rotation, good until then
    old_secret_hash    varchar(255),
    old_secret_until   timestamp(6) with time zone,
    enabled            smallint not null,
    version            integer not null,
    created_at         timestamp(6) with time zone not null,
    updated_at         timestamp(6) with time zone not null,
    constraint api_client_pk primary key (client_key),
    constraint api_client_enabled_ck check (enabled between 0 and 1)
);

create table signing_key (
    kid                varchar(64) not null,
    -- TOKEN (ES256, published in the JWKS) or CALLBACK (HMAC, never published)
    purpose            varchar(16) not null,
    -- the lowest generation not retired signs, the next one is published ahead of its use
    generation         integer not null,
    algorithm          varchar(16) not null,
    public_key         varchar(1000),
    private_key        varchar(4000) not null,
    created_at         timestamp(6) with time zone not null,
    retired_at         timestamp(6) with time zone,
    revoked_at         timestamp(6) with time zone,
    constraint signing_key_pk primary key (kid),
    constraint signing_key_generation_uk unique (purpose, generation)
);

create table setup_code (
    code_hash          varchar(64) not null,
    created_at         timestamp(6) with time zone not null,
    constraint setup_code_pk primary key (code_hash)
);

-- One row, locked by whoever makes the first client.
create table first_client_lock (
    lock_id            integer not null,
    constraint first_client_lock_pk primary key (lock_id)
);
insert into first_client_lock (lock_id) values (1);
