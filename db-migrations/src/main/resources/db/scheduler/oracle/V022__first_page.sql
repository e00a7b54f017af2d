-- What the portal's first page asks for, and what people keep for their pages.

-- the failures of one group that nobody has dealt with
create index run_unresolved_group_ix on run (group_key, unresolved_since, run_id);

-- runs with an open task run that is late or silent; few at any time, and rows for which this is null are not in it
create index task_run_flagged_ix on task_run
    (case when ended_at is null and (overdue_since is not null or silent_since is not null) then run_id end);

create table person_settings (
    user_key          varchar2(63 char) not null,
    version_number    number(10) not null,
    document          clob not null,
    changed_at        timestamp(6) with time zone not null,
    constraint person_settings_pk primary key (user_key)
);
