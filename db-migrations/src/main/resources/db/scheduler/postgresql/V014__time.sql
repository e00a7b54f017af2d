-- Calendars, what schedules have fired, what they still make up for, and what groups are expected to do.

create table sync_calendar (
    calendar_key      varchar(63) not null,
    version_number    integer not null,
    document          text not null,
    changed_at        timestamp(6) with time zone not null,
    changed_by        varchar(200) not null,
    deleted_at        timestamp(6) with time zone,
    constraint sync_calendar_pk primary key (calendar_key)
);

create table sync_calendar_label (
    calendar_key      varchar(63) not null,
    label             varchar(63) not null,
    constraint sync_calendar_label_pk primary key (calendar_key, label),
    constraint sync_calendar_label_fk foreign key (calendar_key) references sync_calendar (calendar_key)
);
create index sync_calendar_label_ix on sync_calendar_label (label, calendar_key);

-- the calendars that the current versions of groups name
create table task_group_calendar (
    group_key         varchar(63) not null,
    calendar_key      varchar(63) not null,
    constraint task_group_calendar_pk primary key (group_key),
    constraint task_group_calendar_fk foreign key (group_key) references task_group (group_key)
);
create index task_group_calendar_ix on task_group_calendar (calendar_key);

-- one row per schedule: every fire time up to dealt_through has been dealt with
create table schedule_clock (
    group_key         varchar(63) not null,
    spec              varchar(500) not null,
    dealt_through     timestamp(6) with time zone not null,
    next_at           timestamp(6) with time zone,
    constraint schedule_clock_pk primary key (group_key)
);
create index schedule_clock_next_ix on schedule_clock (next_at, group_key);

-- missed fire times that are still to be made up for
create table missed_start (
    group_key         varchar(63) not null,
    fire_at           timestamp(6) with time zone not null,
    due_at            timestamp(6) with time zone not null,
    constraint missed_start_pk primary key (group_key, fire_at)
);
create index missed_start_due_ix on missed_start (due_at, fire_at, group_key);

-- one row: when the next batch of missed starts may go
create table catch_up_pace (
    pace_key          varchar(20) not null,
    next_batch_at     timestamp(6) with time zone not null,
    constraint catch_up_pace_pk primary key (pace_key)
);
insert into catch_up_pace (pace_key, next_batch_at) values ('missed-starts', current_timestamp);

-- what a group is expected to do, and when that is looked at next
create table group_watch (
    group_key         varchar(63) not null,
    watch_kind        varchar(20) not null,
    spec              varchar(200) not null,
    begun_at          timestamp(6) with time zone not null,
    next_check_at     timestamp(6) with time zone not null,
    -- since when the condition stands
    standing_since    timestamp(6) with time zone,
    constraint group_watch_pk primary key (group_key, watch_kind)
);
create index group_watch_check_ix on group_watch (next_check_at, group_key, watch_kind);
