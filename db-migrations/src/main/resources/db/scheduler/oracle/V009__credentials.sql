-- The secrets of systems. A sealed column opens in its own row and column alone.

-- bound_origins: one origin a line, the only ones that the secret may be shown to; null: the system has no instances
create table sync_system_credential (
    system_key        varchar2(63 char)  not null,
    credential_name   varchar2(63 char)  not null,
    auth_type         varchar2(40 char)  not null,
    revision          number(10)      not null,
    sealed_current    clob,
    sealed_previous   clob,
    previous_until    timestamp(6) with time zone,
    bound_origins     clob,
    token_origin      varchar2(400 char),
    secret_set_at     timestamp(6) with time zone,
    rotated_at        timestamp(6) with time zone,
    cleared_at        timestamp(6) with time zone,
    expires_at        timestamp(6) with time zone,
    constraint sync_system_credential_pk primary key (system_key, credential_name),
    constraint sync_system_credential_fk foreign key (system_key) references sync_system (system_key)
);
