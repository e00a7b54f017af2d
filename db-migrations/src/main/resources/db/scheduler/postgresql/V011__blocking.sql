-- Blocking policies and the alarms of late starts and missing answers.

-- the event named a partitionkey; the run waits for a place among its group's active runs
alter table run add column keyed smallint default 0 not null;
alter table run add column gated smallint default 0 not null;
-- pending alarm, null once raised or when the run has started or ended; since when the alarm stands
alter table run add column start_by_at timestamp(6) with time zone;
alter table run add column late_since timestamp(6) with time zone;
create index run_gate_ix on run (group_key, state, queue_place) where gated = 1 and ended_at is null;
create index run_start_by_ix on run (start_by_at) where start_by_at is not null;

-- pending alarm, null once raised or answered; since when the alarm stands
alter table task_run add column answer_at timestamp(6) with time zone;
alter table task_run add column no_answer_since timestamp(6) with time zone;
create index task_run_answer_ix on task_run (answer_at) where answer_at is not null;

-- locked by whoever starts runs of a group that limits how many are active at a time; made with the first of them
create table run_gate (
    group_key         varchar(63) not null,
    constraint run_gate_pk primary key (group_key)
);
