-- What is left of runs whose time is over.

create table run_summary (
    run_id            varchar2(36 char) not null,
    group_key         varchar2(63 char) not null,
    group_version     number(10) not null,
    business_key      varchar2(512 char),
    ordering_key      varchar2(512 char) not null,
    trigger_id        varchar2(36 char) not null,
    state             varchar2(16 char) not null,
    merged_into       varchar2(36 char),
    rerun_of          varchar2(36 char),
    created_at        timestamp(6) with time zone not null,
    started_at        timestamp(6) with time zone,
    ended_at          timestamp(6) with time zone,
    task_count        number(10) not null,
    completed_count   number(10) not null,
    failed_count      number(10) not null,
    cause             varchar2(32 char),
    purged_at         timestamp(6) with time zone not null,
    constraint run_summary_pk primary key (run_id)
);
