-- One row per ordering key: its lock serialises the appends of the key, so that sequences follow the commits.
create table outbox_key (
    ordering_key    varchar2(255 char)                  not null,
    last_sequence   number(19)                    not null,
    touched_at      timestamp(6) with time zone  not null,
    constraint outbox_key_pk primary key (ordering_key)
);

-- due_at is when the next delivery may begin; a claim moves it to the end of its lease and raises the fence.
create table outbox_message (
    id              varchar2(36 char)                   not null,
    kind            varchar2(100 char)                  not null,
    ordering_key    varchar2(255 char)                  not null,
    key_sequence    number(19)                    not null,
    target          varchar2(2000 char),
    headers         clob,
    payload         clob,
    state           varchar2(16 char)                   not null,
    deliveries      number(10)                   not null,
    fence           number(19)                    not null,
    due_at          timestamp(6) with time zone  not null,
    created_at      timestamp(6) with time zone  not null,
    ended_at        timestamp(6) with time zone,
    last_cause      varchar2(2000 char),
    constraint outbox_message_pk primary key (id),
    constraint outbox_message_state_ck check (state in ('PENDING', 'DELIVERED', 'DEAD'))
);

create index outbox_message_due_ix on outbox_message (state, due_at);
create index outbox_message_order_ix on outbox_message (ordering_key, state, key_sequence);
create index outbox_message_ended_ix on outbox_message (state, ended_at);
