-- Labels of groups and systems, so that lists are cut to what a person reaches; changes that wait for a second person.

-- the labels of the current versions; a deleted group keeps its last ones, for its runs
create table task_group_label (
    group_key         varchar(63) not null,
    label             varchar(63) not null,
    constraint task_group_label_pk primary key (group_key, label),
    constraint task_group_label_fk foreign key (group_key) references task_group (group_key)
);
create index task_group_label_ix on task_group_label (label, group_key);

create table sync_system_label (
    system_key        varchar(63) not null,
    label             varchar(63) not null,
    constraint sync_system_label_pk primary key (system_key, label),
    constraint sync_system_label_fk foreign key (system_key) references sync_system (system_key)
);
create index sync_system_label_ix on sync_system_label (label, system_key);

-- the version whose labels stand in the tables above; null, or another than the current one: to be read anew at start
alter table task_group add labelled_version integer;
alter table sync_system add labelled_version integer;

-- a call that is carried out once somebody else has approved it; what may hold secrets is sealed
create table pending_change (
    change_id         varchar(36) not null,
    state             varchar(16) not null,
    kind              varchar(30) not null,
    object_key        varchar(200) not null,
    http_method       varchar(10) not null,
    target            varchar(1000) not null,
    content_type      varchar(200),
    if_match          varchar(500),
    if_none_match     varchar(500),
    sealed_body       text,
    -- without secrets: the object as it was, and what was asked for
    before_document   text,
    after_document    text,
    -- JSON: the labels before and after, each a list; null where labels do not count
    object_labels     text,
    proposed_by       varchar(200) not null,
    proposer_is_person smallint not null,
    proposer_scopes   varchar(500) not null,
    proposed_at       timestamp(6) with time zone not null,
    expires_at        timestamp(6) with time zone not null,
    decided_by        varchar(200),
    decided_at        timestamp(6) with time zone,
    decision_reason   varchar(500),
    answer_code       integer,
    sealed_answer     text,
    constraint pending_change_pk primary key (change_id)
);
create index pending_change_state_ix on pending_change (state, change_id);
