-- No check of the states here: H2 binds a check's list to the session that created it and fails once that one closes.
-- One row per ordering key: its lock serialises the appends of the key, so that sequences follow the commits.
create table outbox_key (
    ordering_key    varchar(255)                  not null,
    last_sequence   bigint                    not null,
    touched_at      timestamp(6) with time zone  not null,
    constraint outbox_key_pk primary key (ordering_key)
);

-- due_at is when the next delivery may begin; a claim moves it to the end of its lease and raises the fence.
create table outbox_message (
    id              varchar(36)                   not null,
    kind            varchar(100)                  not null,
    ordering_key    varchar(255)                  not null,
    key_sequence    bigint                    not null,
    target          varchar(2000),
    headers         clob,
    payload         clob,
    state           varchar(16)                   not null,
    deliveries      integer                   not null,
    fence           bigint                    not null,
    due_at          timestamp(6) with time zone  not null,
    created_at      timestamp(6) with time zone  not null,
    ended_at        timestamp(6) with time zone,
    last_cause      varchar(2000),
    constraint outbox_message_pk primary key (id)
);

create index outbox_message_due_ix on outbox_message (state, due_at);
create index outbox_message_order_ix on outbox_message (ordering_key, state, key_sequence);
create index outbox_message_ended_ix on outbox_message (state, ended_at);
