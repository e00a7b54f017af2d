-- The audit entries in a chain of hashes, so that a changed, missing or inserted one is found.

-- by what road the action came: API, PORTAL, PLAN, BULK or SYSTEM; null for what was done before this was kept
alter table audit_entry add how varchar(20);
create index audit_entry_by_time on audit_entry (recorded_at, audit_id);

-- entries that have no place in the chain yet; written with them, so that one that is committed late is not passed over
create table audit_unsealed (
    audit_id          varchar(36) not null,
    constraint audit_unsealed_pk primary key (audit_id)
);
insert into audit_unsealed (audit_id) select audit_id from audit_entry;

-- chain_hash: sha-256 over the hash at the place before and the content of the entry
create table audit_chain (
    place             bigint not null,
    audit_id          varchar(36) not null,
    chain_hash        varchar(64) not null,
    sealed_at         timestamp(6) with time zone not null,
    constraint audit_chain_pk primary key (place),
    constraint audit_chain_entry_uk unique (audit_id)
);

-- one row: the last place; whoever seals holds it
create table audit_chain_head (
    head_key          varchar(20) not null,
    place             bigint not null,
    chain_hash        varchar(64) not null,
    sealed_at         timestamp(6) with time zone not null,
    constraint audit_chain_head_pk primary key (head_key)
);
insert into audit_chain_head (head_key, place, chain_hash, sealed_at)
values ('audit', 0, '0000000000000000000000000000000000000000000000000000000000000000', current_timestamp);
