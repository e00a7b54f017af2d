-- Task groups with their versions, rules and pauses; systems; approved destinations.

-- latest_version goes on counting when a deleted group is created again
create table task_group (
    group_key         varchar2(63 char)  not null,
    latest_version    number(10)      not null,
    created_at        timestamp(6) with time zone not null,
    deleted_at        timestamp(6) with time zone,
    constraint task_group_pk primary key (group_key)
);

create table task_group_version (
    group_key         varchar2(63 char)  not null,
    version_number    number(10)      not null,
    document          clob         not null,
    created_at        timestamp(6) with time zone not null,
    created_by        varchar2(200 char) not null,
    constraint task_group_version_pk primary key (group_key, version_number),
    constraint task_group_version_fk foreign key (group_key) references task_group (group_key)
);

-- the rules of the current versions alone
create table task_group_rule (
    group_key         varchar2(63 char)  not null,
    rule_place        number(10)      not null,
    source            varchar2(500 char) not null,
    event_type        varchar2(255 char) not null,
    constraint task_group_rule_pk primary key (group_key, rule_place),
    constraint task_group_rule_fk foreign key (group_key) references task_group (group_key)
);
create index task_group_rule_source_ix on task_group_rule (source, event_type);

-- the systems that the current versions call
create table task_group_system (
    group_key         varchar2(63 char)  not null,
    system_key        varchar2(63 char)  not null,
    constraint task_group_system_pk primary key (group_key, system_key),
    constraint task_group_system_fk foreign key (group_key) references task_group (group_key)
);
create index task_group_system_ix on task_group_system (system_key);

create table task_group_pause (
    group_key         varchar2(63 char)  not null,
    paused_at         timestamp(6) with time zone not null,
    paused_by         varchar2(200 char) not null,
    reason            varchar2(500 char) not null,
    constraint task_group_pause_pk primary key (group_key),
    constraint task_group_pause_fk foreign key (group_key) references task_group (group_key)
);

create table sync_system (
    system_key        varchar2(63 char)  not null,
    version_number    number(10)      not null,
    document          clob         not null,
    changed_at        timestamp(6) with time zone not null,
    changed_by        varchar2(200 char) not null,
    deleted_at        timestamp(6) with time zone,
    constraint sync_system_pk primary key (system_key)
);

-- one row: the version of the whole list of destinations
create table destination_list (
    list_key          varchar2(63 char)  not null,
    version_number    number(10)      not null,
    changed_at        timestamp(6) with time zone not null,
    changed_by        varchar2(200 char) not null,
    constraint destination_list_pk primary key (list_key)
);

-- port_text is a number or *
create table destination (
    scheme            varchar2(8 char)   not null,
    host              varchar2(255 char) not null,
    port_text         varchar2(5 char)   not null,
    constraint destination_pk primary key (scheme, host, port_text)
);
