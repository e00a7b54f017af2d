-- What the portal's first page asks for, and what people keep for their pages.

-- the failures of one group that nobody has dealt with
create index run_unresolved_group_ix on run (group_key, unresolved_since, run_id) where unresolved_since is not null;

-- runs with an open task run that is late or silent; few at any time
create index task_run_flagged_ix on task_run
    ((case when ended_at is null and (overdue_since is not null or silent_since is not null) then run_id end))
    where case when ended_at is null and (overdue_since is not null or silent_since is not null) then run_id end is not null;

create table person_settings (
    user_key          varchar(63) not null,
    version_number    integer not null,
    document          text not null,
    changed_at        timestamp(6) with time zone not null,
    constraint person_settings_pk primary key (user_key)
);
