-- Corrected copies of rejected messages; messages that wait for a look at their source.

-- the rejected message of which this one is the corrected copy
alter table trigger_message add (resubmit_of varchar2(36 char));
create index trigger_message_resubmit_ix on trigger_message (resubmit_of);
create index trigger_message_status_ix on trigger_message (status, received_at, trigger_id);

-- one row for each message whose status is VERIFYING
create table trigger_verification (
    trigger_id        varchar2(36 char) not null,
    -- the next look; while one is under way, when another node may take it over
    due_at            timestamp(6) with time zone not null,
    -- grows with every look: the writer of an outcome must still hold the newest
    fence             number(19) not null,
    -- looks in a row that told neither that the record is there nor that it is not
    failures          number(10) not null,
    -- JSON: the groups that take the message, the looks to be made and which have passed
    plan_body         clob not null,
    last_outcome      varchar2(500 char),
    traceparent       varchar2(64 char),
    constraint trigger_verification_pk primary key (trigger_id),
    constraint trigger_verification_fk foreign key (trigger_id) references trigger_message (trigger_id)
);
create index trigger_verification_due_ix on trigger_verification (due_at, trigger_id);
