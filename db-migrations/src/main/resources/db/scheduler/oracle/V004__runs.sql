-- Inbox, runs, working queue, calls and callbacks.

create table trigger_message (
    trigger_id        varchar2(36 char)  not null,
    source            varchar2(512 char) not null,
    message_id        varchar2(256 char) not null,
    event_type        varchar2(256 char) not null,
    subject           varchar2(512 char),
    partition_key     varchar2(256 char),
    event_time        varchar2(64 char),
    status            varchar2(16 char)  not null,
    -- sha-256 of source and id, of the accepted copy alone: the unique key is the duplicate check
    dedup_key         varchar2(64 char),
    -- sha-256 of the canonical content (RFC 8785)
    content_hash      varchar2(64 char)  not null,
    event_body        clob         not null,
    problem           clob,
    client_id         varchar2(128 char) not null,
    system_key        varchar2(63 char),
    transport         varchar2(16 char)  not null,
    received_at       timestamp(6) with time zone not null,
    constraint trigger_message_pk primary key (trigger_id),
    constraint trigger_message_dedup_uk unique (dedup_key)
);
create index trigger_message_source_ix on trigger_message (source, message_id, received_at);
create index trigger_message_received_ix on trigger_message (received_at, trigger_id);

create table run (
    run_id            varchar2(36 char)  not null,
    group_key         varchar2(63 char)  not null,
    group_version     number(10)      not null,
    business_key      varchar2(512 char),
    ordering_key      varchar2(512 char) not null,
    trigger_id        varchar2(36 char)  not null,
    -- source, id, type, time and data of the trigger message, as every sync call repeats them
    trigger_body      clob         not null,
    traceparent       varchar2(64 char),
    state             varchar2(16 char)  not null,
    -- inbox place within the ordering key; queue_place repeats it while the run is QUEUED
    inbox_place       number(19)       not null,
    queue_place       number(19),
    held_since        timestamp(6) with time zone,
    merged_into       varchar2(36 char),
    rerun_of          varchar2(36 char),
    version           number(10)      not null,
    created_at        timestamp(6) with time zone not null,
    started_at        timestamp(6) with time zone,
    ended_at          timestamp(6) with time zone,
    constraint run_pk primary key (run_id)
);
create index run_queue_ix on run (group_key, ordering_key, queue_place);
create index run_group_ix on run (group_key, created_at, run_id);
create index run_created_ix on run (created_at, run_id);
create index run_trigger_ix on run (trigger_id);
create index run_state_ix on run (state, created_at, run_id);
create index run_business_key_ix on run (business_key, created_at);

create table run_slot (
    group_key         varchar2(63 char)  not null,
    ordering_key      varchar2(512 char) not null,
    active_run_id     varchar2(36 char),
    last_place        number(19)       not null,
    constraint run_slot_pk primary key (group_key, ordering_key)
);

create table task_run (
    task_run_id       varchar2(36 char)  not null,
    run_id            varchar2(36 char)  not null,
    group_key         varchar2(63 char)  not null,
    group_version     number(10)      not null,
    ordering_key      varchar2(512 char) not null,
    task_key          varchar2(63 char)  not null,
    task_no           number(10)      not null,
    system_key        varchar2(63 char)  not null,
    state             varchar2(16 char)  not null,
    attempt           number(10)      not null,
    round             number(10)      not null,
    fence             number(19)       not null,
    version           number(10)      not null,
    cause             varchar2(32 char),
    message           varchar2(2000 char),
    -- when the next call is due; while a lease is held, when that lease ends, so that a dead node's work is simply due again
    due_at            timestamp(6) with time zone,
    lease_until       timestamp(6) with time zone,
    lease_node        varchar2(64 char),
    first_due_at      timestamp(6) with time zone,
    deadline_at       timestamp(6) with time zone,
    -- pending alarms: null once raised, or when the task run has ended
    overdue_at        timestamp(6) with time zone,
    timeout_at        timestamp(6) with time zone,
    silent_at         timestamp(6) with time zone,
    overdue_since     timestamp(6) with time zone,
    silent_since      timestamp(6) with time zone,
    conflict_since    timestamp(6) with time zone,
    attempt_round     number(10)      not null,
    failed_calls      number(10)      not null,
    unreadable_calls  number(10)      not null,
    unauthorized_calls number(10)     not null,
    failed_reports    number(10)      not null,
    last_sequence     number(19),
    accepted_at       timestamp(6) with time zone,
    reported_at       timestamp(6) with time zone,
    progress          clob,
    files             clob,
    reconciliation    clob,
    result            clob,
    manual            number(1)     not null,
    cancel_state      varchar2(16 char)  not null,
    cancel_due_at     timestamp(6) with time zone,
    cancel_until      timestamp(6) with time zone,
    cancel_reason     varchar2(500 char),
    created_at        timestamp(6) with time zone not null,
    started_at        timestamp(6) with time zone,
    ended_at          timestamp(6) with time zone,
    constraint task_run_pk primary key (task_run_id),
    constraint task_run_run_fk foreign key (run_id) references run (run_id)
);
create index task_run_due_ix on task_run (system_key, due_at);
create index task_run_lease_ix on task_run (lease_node);
create index task_run_overdue_ix on task_run (overdue_at);
create index task_run_silent_ix on task_run (silent_at);
create index task_run_timeout_ix on task_run (timeout_at);
create index task_run_cancel_ix on task_run (cancel_due_at);
create index task_run_run_ix on task_run (run_id, task_no);

create table journal (
    journal_id        varchar2(36 char)  not null,
    run_id            varchar2(36 char)  not null,
    task_run_id       varchar2(36 char),
    from_state        varchar2(16 char),
    to_state          varchar2(16 char)  not null,
    attempt           number(10),
    fence             number(19),
    cause             varchar2(32 char)  not null,
    detail            varchar2(2000 char),
    actor             varchar2(128 char),
    node_id           varchar2(64 char)  not null,
    moved_at          timestamp(6) with time zone not null,
    constraint journal_pk primary key (journal_id)
);
create index journal_run_ix on journal (run_id, journal_id);

create table call (
    call_id           varchar2(36 char)  not null,
    task_run_id       varchar2(36 char)  not null,
    run_id            varchar2(36 char)  not null,
    kind              varchar2(16 char)  not null,
    attempt           number(10)      not null,
    round             number(10)      not null,
    fence             number(19)       not null,
    called_at         timestamp(6) with time zone not null,
    duration_ms       number(19)       not null,
    instance          varchar2(512 char),
    http_status       number(10),
    outcome           varchar2(32 char)  not null,
    detail            varchar2(2000 char),
    applied           number(1)     not null,
    node_id           varchar2(64 char)  not null,
    constraint call_pk primary key (call_id)
);
create index call_task_run_ix on call (task_run_id, call_id);

create table callback (
    task_run_id       varchar2(36 char)  not null,
    callback_id       varchar2(256 char) not null,
    run_id            varchar2(36 char)  not null,
    attempt           number(10)      not null,
    sequence_no       number(19),
    status            varchar2(16 char)  not null,
    applied           number(1)     not null,
    reason            varchar2(32 char),
    body              clob         not null,
    received_at       timestamp(6) with time zone not null,
    constraint callback_pk primary key (task_run_id, callback_id)
);
