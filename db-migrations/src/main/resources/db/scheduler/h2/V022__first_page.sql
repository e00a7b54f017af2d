-- What the portal's first page asks for, and what people keep for their pages.

-- the failures of one group that nobody has dealt with
create index run_unresolved_group_ix on run (group_key, unresolved_since, run_id);

create table person_settings (
    user_key          varchar(63) not null,
    version_number    integer not null,
    document          clob not null,
    changed_at        timestamp(6) with time zone not null,
    constraint person_settings_pk primary key (user_key)
);
