-- Nodes of the cluster, clients and keys of the platform.

create table node (
    node_id            varchar2(36 char) not null,
    -- one process; another process that takes the node id over brings its own
    incarnation        varchar2(36 char) not null,
    started_at         timestamp(6) with time zone not null,
    checked_in_at      timestamp(6) with time zone not null,
    stopped_at         timestamp(6) with time zone,
    version            varchar2(64 char),
    -- the view of the cluster to whose shares the node keeps: how many nodes, and a fingerprint of which
    applied_count      number(10) not null,
    applied_view       varchar2(64 char),
    constraint node_pk primary key (node_id)
);

create table api_client (
    client_key         varchar2(63 char) not null,
    system_key         varchar2(63 char),
    -- separated by one space, in the order of the contract
    scopes             varchar2(255 char) not null,
    secret_hash        varchar2(255 char) not null,
    -- the secret before the last rotation, good until then
    old_secret_hash    varchar2(255 char),
    old_secret_until   timestamp(6) with time zone,
    enabled            number(1) not null,
    version            number(10) not null,
    created_at         timestamp(6) with time zone not null,
    updated_at         timestamp(6) with time zone not null,
    constraint api_client_pk primary key (client_key),
    constraint api_client_enabled_ck check (enabled between 0 and 1)
);

create table signing_key (
    kid                varchar2(64 char) not null,
    -- TOKEN (ES256, published in the JWKS) or CALLBACK (HMAC, never published)
    purpose            varchar2(16 char) not null,
    -- the lowest generation not retired signs, the next one is published ahead of its use
    generation         number(10) not null,
    algorithm          varchar2(16 char) not null,
    public_key         varchar2(1000 char),
    private_key        varchar2(4000 char) not null,
    created_at         timestamp(6) with time zone not null,
    retired_at         timestamp(6) with time zone,
    revoked_at         timestamp(6) with time zone,
    constraint signing_key_pk primary key (kid),
    constraint signing_key_generation_uk unique (purpose, generation)
);

create table setup_code (
    code_hash          varchar2(64 char) not null,
    created_at         timestamp(6) with time zone not null,
    constraint setup_code_pk primary key (code_hash)
);

-- One row, locked by whoever makes the first client.
create table first_client_lock (
    lock_id            number(10) not null,
    constraint first_client_lock_pk primary key (lock_id)
);
insert into first_client_lock (lock_id) values (1);
