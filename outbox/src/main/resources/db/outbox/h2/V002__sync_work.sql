-- No check of the states here: H2 binds a check's list to the session that created it and fails once that one closes.
-- One row per idempotency key of a sync call: what was asked, where to report, and the current status.
-- work_state: OPEN is being done under a lease, ELSEWHERE is reported by other code, ENDED has its terminal report.
create table sync_work (
    idempotency_key      varchar(255)                  not null,
    fingerprint          varchar(64)                   not null,
    request_path         varchar(1000)                 not null,
    request              clob                  not null,
    traceparent          varchar(100),
    attempt              integer                   not null,
    callback_url         varchar(2000)                 not null,
    callback_token       varchar(4000)                 not null,
    callback_expires_at  timestamp(6) with time zone,
    work_state           varchar(16)                   not null,
    report               clob                  not null,
    last_sequence        bigint                    not null,
    lease_owner          varchar(36),
    lease_until          timestamp(6) with time zone,
    fence                bigint                    not null,
    starts               integer                   not null,
    created_at           timestamp(6) with time zone  not null,
    updated_at           timestamp(6) with time zone  not null,
    ended_at             timestamp(6) with time zone,
    constraint sync_work_pk primary key (idempotency_key)
);

create index sync_work_lease_ix on sync_work (work_state, lease_until);
create index sync_work_ended_ix on sync_work (work_state, ended_at);
