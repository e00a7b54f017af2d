-- Labels of groups and systems, so that lists are cut to what a person reaches; changes that wait for a second person.

-- the labels of the current versions; a deleted group keeps its last ones, for its runs
create table task_group_label (
    group_key         varchar2(63 char) not null,
    label             varchar2(63 char) not null,
    constraint task_group_label_pk primary key (group_key, label),
    constraint task_group_label_fk foreign key (group_key) references task_group (group_key)
);
create index task_group_label_ix on task_group_label (label, group_key);

create table sync_system_label (
    system_key        varchar2(63 char) not null,
    label             varchar2(63 char) not null,
    constraint sync_system_label_pk primary key (system_key, label),
    constraint sync_system_label_fk foreign key (system_key) references sync_system (system_key)
);
create index sync_system_label_ix on sync_system_label (label, system_key);

-- the version whose labels stand in the tables above; null, or another than the current one: to be read anew at start
alter table task_group add (labelled_version number(10));
alter table sync_system add (labelled_version number(10));

-- a call that is carried out once somebody else has approved it; what may hold secrets is sealed
create table pending_change (
    change_id         varchar2(36 char) not null,
    state             varchar2(16 char) not null,
    kind              varchar2(30 char) not null,
    object_key        varchar2(200 char) not null,
    http_method       varchar2(10 char) not null,
    target            varchar2(1000 char) not null,
    content_type      varchar2(200 char),
    if_match          varchar2(500 char),
    if_none_match     varchar2(500 char),
    sealed_body       clob,
    -- without secrets: the object as it was, and what was asked for
    before_document   clob,
    after_document    clob,
    -- JSON: the labels before and after, each a list; null where labels do not count
    object_labels     clob,
    proposed_by       varchar2(200 char) not null,
    proposer_is_person number(1) not null,
    proposer_scopes   varchar2(500 char) not null,
    proposed_at       timestamp(6) with time zone not null,
    expires_at        timestamp(6) with time zone not null,
    decided_by        varchar2(200 char),
    decided_at        timestamp(6) with time zone,
    decision_reason   varchar2(500 char),
    answer_code       number(10),
    sealed_answer     clob,
    constraint pending_change_pk primary key (change_id)
);
create index pending_change_state_ix on pending_change (state, change_id);
