-- The secrets of systems. A sealed column opens in its own row and column alone.

-- bound_origins: one origin a line, the only ones that the secret may be shown to; null: the system has no instances
create table sync_system_credential (
    system_key        varchar(63)  not null,
    credential_name   varchar(63)  not null,
    auth_type         varchar(40)  not null,
    revision          integer      not null,
    sealed_current    text,
    sealed_previous   text,
    previous_until    timestamp(6) with time zone,
    bound_origins     text,
    token_origin      varchar(400),
    secret_set_at     timestamp(6) with time zone,
    rotated_at        timestamp(6) with time zone,
    cleared_at        timestamp(6) with time zone,
    expires_at        timestamp(6) with time zone,
    constraint sync_system_credential_pk primary key (system_key, credential_name),
    constraint sync_system_credential_fk foreign key (system_key) references sync_system (system_key)
);
