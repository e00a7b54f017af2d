-- What people made of failures, and actions on many runs at once.

-- since when a failed run waits for somebody; null once that was dealt with
alter table run add unresolved_since timestamp(6) with time zone;
alter table run add resolution varchar(16);
alter table run add resolved_by varchar(200);
alter table run add resolved_at timestamp(6) with time zone;
alter table run add resolution_until timestamp(6) with time zone;
alter table run add resolution_reason varchar(500);
update run set unresolved_since = coalesce(ended_at, created_at) where state = 'FAILED';
create index run_unresolved_ix on run (unresolved_since, run_id) where unresolved_since is not null;
create index run_resolution_ix on run (resolution_until) where resolution_until is not null;
-- finds the later success of a failed run's key
create index run_completed_key_ix on run (group_key, ordering_key, inbox_place) where state = 'COMPLETED';

create table bulk_job (
    job_id            varchar(36) not null,
    state             varchar(16) not null,
    action            varchar(30) not null,
    -- JSON: the filter, and what the action takes besides the reason
    filter_body       text not null,
    argument_body     text not null,
    reason            varchar(500) not null,
    asked_by          varchar(200) not null,
    asked_by_person   smallint not null,
    matched           integer not null,
    traceparent       varchar(64),
    created_at        timestamp(6) with time zone not null,
    ended_at          timestamp(6) with time zone,
    ended_by          varchar(200),
    -- which node works on it, and until when that holds unless prolonged
    lease_node        varchar(64),
    lease_until       timestamp(6) with time zone,
    constraint bulk_job_pk primary key (job_id)
);
create index bulk_job_state_ix on bulk_job (state, job_id);
create index bulk_job_ended_ix on bulk_job (ended_at);

create table bulk_item (
    job_id            varchar(36) not null,
    item_no           integer not null,
    run_id            varchar(36) not null,
    state             varchar(16) not null,
    -- why it was not done
    code              varchar(60),
    detail            varchar(1000),
    constraint bulk_item_pk primary key (job_id, item_no),
    constraint bulk_item_job_fk foreign key (job_id) references bulk_job (job_id)
);
create index bulk_item_state_ix on bulk_item (job_id, state, item_no);
