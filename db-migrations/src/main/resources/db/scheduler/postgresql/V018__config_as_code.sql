-- Configuration that is kept as files: which objects are, and where the files stand.

create table managed_object (
    kind              varchar(30) not null,
    object_key        varchar(63) not null,
    source_link       varchar(500),
    managed_at        timestamp(6) with time zone not null,
    managed_by        varchar(200) not null,
    constraint managed_object_pk primary key (kind, object_key)
);

-- a kept apply names its plan and its reason in the query
alter table pending_change alter column target type varchar(4000);
