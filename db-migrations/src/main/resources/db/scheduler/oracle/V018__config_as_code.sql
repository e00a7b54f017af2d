-- Configuration that is kept as files: which objects are, and where the files stand.

create table managed_object (
    kind              varchar2(30 char) not null,
    object_key        varchar2(63 char) not null,
    source_link       varchar2(500 char),
    managed_at        timestamp(6) with time zone not null,
    managed_by        varchar2(200 char) not null,
    constraint managed_object_pk primary key (kind, object_key)
);

-- a kept apply names its plan and its reason in the query
alter table pending_change modify (target varchar2(4000 char));
