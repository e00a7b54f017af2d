-- Inbox, runs, working queue, calls and callbacks.

create table trigger_message (
    trigger_id        varchar(36)  not null,
    source            varchar(512) not null,
    message_id        varchar(256) not null,
    event_type        varchar(256) not null,
    subject           varchar(512),
    partition_key     varchar(256),
    event_time        varchar(64),
    status            varchar(16)  not null,
    -- sha-256 of source and id, of the accepted copy alone: the unique key is the duplicate check
    dedup_key         varchar(64),
    -- sha-256 of the canonical content (RFC 8785)
    content_hash      varchar(64)  not null,
    event_body        clob         not null,
    problem           clob,
    client_id         varchar(128) not null,
    system_key        varchar(63),
    transport         varchar(16)  not null,
    received_at       timestamp(6) with time zone not null,
    constraint trigger_message_pk primary key (trigger_id),
    constraint trigger_message_dedup_uk unique (dedup_key)
);
create index trigger_message_source_ix on trigger_message (source, message_id, received_at);
create index trigger_message_received_ix on trigger_message (received_at, trigger_id);

create table run (
    run_id            varchar(36)  not null,
    group_key         varchar(63)  not null,
    group_version     integer      not null,
    business_key      varchar(512),
    ordering_key      varchar(512) not null,
    trigger_id        varchar(36)  not null,
    -- source, id, type, time and data of the trigger message, as every sync call repeats them
    trigger_body      clob         not null,
    traceparent       varchar(64),
    state             varchar(16)  not null,
    -- inbox place within the ordering key; queue_place repeats it while the run is QUEUED
    inbox_place       bigint       not null,
    queue_place       bigint,
    held_since        timestamp(6) with time zone,
    merged_into       varchar(36),
    rerun_of          varchar(36),
    version           integer      not null,
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
    group_key         varchar(63)  not null,
    ordering_key      varchar(512) not null,
    active_run_id     varchar(36),
    last_place        bigint       not null,
    constraint run_slot_pk primary key (group_key, ordering_key)
);

create table task_run (
    task_run_id       varchar(36)  not null,
    run_id            varchar(36)  not null,
    group_key         varchar(63)  not null,
    group_version     integer      not null,
    ordering_key      varchar(512) not null,
    task_key          varchar(63)  not null,
    task_no           integer      not null,
    system_key        varchar(63)  not null,
    state             varchar(16)  not null,
    attempt           integer      not null,
    round             integer      not null,
    fence             bigint       not null,
    version           integer      not null,
    cause             varchar(32),
    message           varchar(2000),
    -- when the next call is due; while a lease is held, when that lease ends, so that a dead node's work is simply due again
    due_at            timestamp(6) with time zone,
    lease_until       timestamp(6) with time zone,
    lease_node        varchar(64),
    first_due_at      timestamp(6) with time zone,
    deadline_at       timestamp(6) with time zone,
    -- pending alarms: null once raised, or when the task run has ended
    overdue_at        timestamp(6) with time zone,
    timeout_at        timestamp(6) with time zone,
    silent_at         timestamp(6) with time zone,
    overdue_since     timestamp(6) with time zone,
    silent_since      timestamp(6) with time zone,
    conflict_since    timestamp(6) with time zone,
    attempt_round     integer      not null,
    failed_calls      integer      not null,
    unreadable_calls  integer      not null,
    unauthorized_calls integer     not null,
    failed_reports    integer      not null,
    last_sequence     bigint,
    accepted_at       timestamp(6) with time zone,
    reported_at       timestamp(6) with time zone,
    progress          clob,
    files             clob,
    reconciliation    clob,
    result            clob,
    manual            smallint     not null,
    cancel_state      varchar(16)  not null,
    cancel_due_at     timestamp(6) with time zone,
    cancel_until      timestamp(6) with time zone,
    cancel_reason     varchar(500),
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
    journal_id        varchar(36)  not null,
    run_id            varchar(36)  not null,
    task_run_id       varchar(36),
    from_state        varchar(16),
    to_state          varchar(16)  not null,
    attempt           integer,
    fence             bigint,
    cause             varchar(32)  not null,
    detail            varchar(2000),
    actor             varchar(128),
    node_id           varchar(64)  not null,
    moved_at          timestamp(6) with time zone not null,
    constraint journal_pk primary key (journal_id)
);
create index journal_run_ix on journal (run_id, journal_id);

create table call (
    call_id           varchar(36)  not null,
    task_run_id       varchar(36)  not null,
    run_id            varchar(36)  not null,
    kind              varchar(16)  not null,
    attempt           integer      not null,
    round             integer      not null,
    fence             bigint       not null,
    called_at         timestamp(6) with time zone not null,
    duration_ms       bigint       not null,
    instance          varchar(512),
    http_status       integer,
    outcome           varchar(32)  not null,
    detail            varchar(2000),
    applied           smallint     not null,
    node_id           varchar(64)  not null,
    constraint call_pk primary key (call_id)
);
create index call_task_run_ix on call (task_run_id, call_id);

create table callback (
    task_run_id       varchar(36)  not null,
    callback_id       varchar(256) not null,
    run_id            varchar(36)  not null,
    attempt           integer      not null,
    sequence_no       bigint,
    status            varchar(16)  not null,
    applied           smallint     not null,
    reason            varchar(32),
    body              clob         not null,
    received_at       timestamp(6) with time zone not null,
    constraint callback_pk primary key (task_run_id, callback_id)
);
