-- Channels, the signals that become incidents, the incidents themselves, who was told of them, and silences.

-- a deleted channel leaves its row, so that a version number never means two documents; the secrets are one sealed JSON object
create table alert_channel (
    channel_key       varchar(63) not null,
    version_number    integer not null,
    channel_type      varchar(20) not null,
    document          text not null,
    bound_origin      varchar(400),
    sealed_secrets    text,
    secret_set_at     timestamp(6) with time zone,
    cleared_at        timestamp(6) with time zone,
    changed_at        timestamp(6) with time zone not null,
    changed_by        varchar(200) not null,
    deleted_at        timestamp(6) with time zone,
    constraint alert_channel_pk primary key (channel_key)
);

create table alert_channel_label (
    channel_key       varchar(63) not null,
    label             varchar(63) not null,
    constraint alert_channel_label_pk primary key (channel_key, label),
    constraint alert_channel_label_fk foreign key (channel_key) references alert_channel (channel_key)
);
create index alert_channel_label_ix on alert_channel_label (label, channel_key);

-- the channels that the current versions of groups name
create table task_group_channel (
    group_key         varchar(63) not null,
    channel_key       varchar(63) not null,
    constraint task_group_channel_pk primary key (group_key, channel_key)
);
create index task_group_channel_ix on task_group_channel (channel_key, group_key);

-- what was raised or cured and is not yet part of an incident; kind is RAISE or CURE
create table alert_signal (
    signal_id         varchar(36) not null,
    kind              varchar(10) not null,
    condition_name    varchar(40) not null,
    subject           varchar(400) not null,
    group_key         varchar(63),
    system_key        varchar(63),
    run_id            varchar(36),
    task_run_id       varchar(36),
    cause             varchar(400),
    detail            varchar(2000),
    since_at          timestamp(6) with time zone,
    -- not the start of the transaction: of two that waited for each other, the second must be noted second
    noted_at          timestamp(6) with time zone default clock_timestamp() not null,
    constraint alert_signal_pk primary key (signal_id)
);
create index alert_signal_order_ix on alert_signal (noted_at, signal_id);
create index alert_signal_subject_ix on alert_signal (condition_name, subject);

-- state is OPEN, ACKNOWLEDGED or CLOSED; gathered_by is the same for signals that belong together; routes is JSON: who is
-- told by which rule, and what each has been told; due_at is when there is something to decide again
create table incident (
    incident_id       varchar(36) not null,
    state             varchar(16) not null,
    gathered_by       varchar(64) not null,
    condition_name    varchar(40) not null,
    system_key        varchar(63),
    cause             varchar(400) not null,
    label_list        text not null,
    routes            text not null,
    member_count      integer not null,
    standing_count    integer not null,
    group_count       integer not null,
    opened_at         timestamp(6) with time zone not null,
    last_signal_at    timestamp(6) with time zone not null,
    acknowledged_at   timestamp(6) with time zone,
    acknowledged_by   varchar(200),
    acknowledged_why  varchar(500),
    closed_at         timestamp(6) with time zone,
    due_at            timestamp(6) with time zone,
    constraint incident_pk primary key (incident_id)
);
create index incident_gathered_ix on incident (gathered_by, closed_at);
create index incident_due_ix on incident (due_at);
create index incident_state_ix on incident (state, incident_id);
create index incident_closed_ix on incident (closed_at);

create table incident_member (
    member_id         varchar(36) not null,
    incident_id       varchar(36) not null,
    condition_name    varchar(40) not null,
    subject           varchar(400) not null,
    group_key         varchar(63),
    system_key        varchar(63),
    run_id            varchar(36),
    task_run_id       varchar(36),
    detail            varchar(2000) not null,
    since_at          timestamp(6) with time zone not null,
    joined_at         timestamp(6) with time zone not null,
    cured_at          timestamp(6) with time zone,
    constraint incident_member_pk primary key (member_id),
    constraint incident_member_fk foreign key (incident_id) references incident (incident_id)
);
create index incident_member_ix on incident_member (incident_id, member_id);
create index incident_member_subject_ix on incident_member (condition_name, subject, cured_at);
create index incident_member_group_ix on incident_member (group_key, incident_id);

create table incident_event (
    event_id          varchar(36) not null,
    incident_id       varchar(36) not null,
    kind              varchar(20) not null,
    happened_at       timestamp(6) with time zone not null,
    actor             varchar(200),
    detail            varchar(2000),
    constraint incident_event_pk primary key (event_id),
    constraint incident_event_fk foreign key (incident_id) references incident (incident_id)
);
create index incident_event_ix on incident_event (incident_id, event_id);

-- one message of one incident over one channel; outbox_id is the entry that delivers it
create table alert_message (
    message_id        varchar(36) not null,
    incident_id       varchar(36) not null,
    channel_key       varchar(63) not null,
    kind              varchar(20) not null,
    outbox_id         varchar(36) not null,
    deliveries        integer not null,
    created_at        timestamp(6) with time zone not null,
    sent_at           timestamp(6) with time zone,
    last_cause        varchar(2000),
    constraint alert_message_pk primary key (message_id),
    constraint alert_message_fk foreign key (incident_id) references incident (incident_id)
);
create index alert_message_ix on alert_message (incident_id, message_id);

-- matchers and labels are JSON; no labels: those of all groups
create table silence (
    silence_id        varchar(36) not null,
    matchers          text not null,
    label_list        text,
    reason            varchar(500) not null,
    created_by        varchar(200) not null,
    created_at        timestamp(6) with time zone not null,
    until_at          timestamp(6) with time zone not null,
    ended_at          timestamp(6) with time zone,
    ended_by          varchar(200),
    constraint silence_pk primary key (silence_id)
);
create index silence_until_ix on silence (until_at);

-- one row, whose lock says which node makes incidents of signals now
create table alert_watch (
    watch_name        varchar(20) not null,
    looked_at         timestamp(6) with time zone,
    constraint alert_watch_pk primary key (watch_name)
);
insert into alert_watch (watch_name) values ('incidents');
