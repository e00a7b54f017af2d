-- What is left of runs whose time is over.

create table run_summary (
    run_id            varchar(36) not null,
    group_key         varchar(63) not null,
    group_version     integer not null,
    business_key      varchar(512),
    ordering_key      varchar(512) not null,
    trigger_id        varchar(36) not null,
    state             varchar(16) not null,
    merged_into       varchar(36),
    rerun_of          varchar(36),
    created_at        timestamp(6) with time zone not null,
    started_at        timestamp(6) with time zone,
    ended_at          timestamp(6) with time zone,
    task_count        integer not null,
    completed_count   integer not null,
    failed_count      integer not null,
    cause             varchar(32),
    purged_at         timestamp(6) with time zone not null,
    constraint run_summary_pk primary key (run_id)
);
