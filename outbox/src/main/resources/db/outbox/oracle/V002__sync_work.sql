-- One row per idempotency key of a sync call: what was asked, where to report, and the current status.
-- work_state: OPEN is being done under a lease, ELSEWHERE is reported by other code, ENDED has its terminal report.
create table sync_work (
    idempotency_key      varchar2(255 char)                  not null,
    fingerprint          varchar2(64 char)                   not null,
    request_path         varchar2(1000 char)                 not null,
    request              clob                  not null,
    traceparent          varchar2(100 char),
    attempt              number(10)                   not null,
    callback_url         varchar2(2000 char)                 not null,
    callback_token       varchar2(4000 char)                 not null,
    callback_expires_at  timestamp(6) with time zone,
    work_state           varchar2(16 char)                   not null,
    report               clob                  not null,
    last_sequence        number(19)                    not null,
    lease_owner          varchar2(36 char),
    lease_until          timestamp(6) with time zone,
    fence                number(19)                    not null,
    starts               number(10)                   not null,
    created_at           timestamp(6) with time zone  not null,
    updated_at           timestamp(6) with time zone  not null,
    ended_at             timestamp(6) with time zone,
    constraint sync_work_pk primary key (idempotency_key),
    constraint sync_work_state_ck check (work_state in ('OPEN', 'ELSEWHERE', 'ENDED'))
);

create index sync_work_lease_ix on sync_work (work_state, lease_until);
create index sync_work_ended_ix on sync_work (work_state, ended_at);
