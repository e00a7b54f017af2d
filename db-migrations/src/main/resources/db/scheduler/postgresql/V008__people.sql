-- People, their sessions, and how often signing in failed.

create table app_user (
    user_key           varchar(63) not null,
    display_name       varchar(200) not null,
    email              varchar(254),
    -- separated by one space
    roles              varchar(100) not null,
    -- a JSON array; ["*"]: all
    labels             text not null,
    -- given by name besides those of the roles
    named_scopes       varchar(100),
    enabled            smallint not null,
    -- who they are at a trusted issuer; such people have no password here
    issuer_key         varchar(63),
    external_subject   varchar(255),
    -- 1: made at the first sign-in, roles and labels follow the issuer's groups
    from_issuer        smallint not null,
    password_hash      varchar(255),
    password_at        timestamp(6) with time zone,
    -- the code by which the person sets the password
    setup_hash         varchar(64),
    setup_until        timestamp(6) with time zone,
    signed_in_at       timestamp(6) with time zone,
    version            integer not null,
    created_at         timestamp(6) with time zone not null,
    updated_at         timestamp(6) with time zone not null,
    constraint app_user_pk primary key (user_key),
    constraint app_user_external_uk unique (issuer_key, external_subject),
    constraint app_user_enabled_ck check (enabled between 0 and 1),
    constraint app_user_from_issuer_ck check (from_issuer between 0 and 1)
);

create table user_session (
    session_id         varchar(36) not null,
    user_key           varchar(63) not null,
    -- the client that asked for it, the portal
    client_key         varchar(63) not null,
    created_at         timestamp(6) with time zone not null,
    refreshed_at       timestamp(6) with time zone not null,
    -- the last time that the person showed who they are
    signed_in_at       timestamp(6) with time zone not null,
    ends_at            timestamp(6) with time zone not null,
    ended_at           timestamp(6) with time zone,
    end_reason         varchar(30),
    remote_address     varchar(64),
    user_agent         varchar(300),
    constraint user_session_pk primary key (session_id)
);

create index user_session_by_user on user_session (user_key, session_id);
create index user_session_by_end on user_session (ends_at);

create table refresh_token (
    token_hash         varchar(64) not null,
    session_id         varchar(36) not null,
    issued_at          timestamp(6) with time zone not null,
    spent_at           timestamp(6) with time zone,
    constraint refresh_token_pk primary key (token_hash)
);

create index refresh_token_by_session on refresh_token (session_id);

-- One row per account and address, hashed: what is typed as a name may be a password.
create table sign_in_delay (
    delay_key          varchar(64) not null,
    failures           integer not null,
    last_at            timestamp(6) with time zone not null,
    wait_until         timestamp(6) with time zone not null,
    constraint sign_in_delay_pk primary key (delay_key)
);

create index sign_in_delay_by_last on sign_in_delay (last_at);

-- Id tokens that were shown, until they end: each is good once.
create table seen_id_token (
    token_hash         varchar(64) not null,
    forget_at          timestamp(6) with time zone not null,
    constraint seen_id_token_pk primary key (token_hash)
);

create index seen_id_token_by_end on seen_id_token (forget_at);

-- How the people of a trusted issuer sign in.
create table people_issuer (
    issuer_key         varchar(63) not null,
    -- the audience of their id tokens
    client_id          varchar(255) not null,
    user_claim         varchar(63) not null,
    groups_claim       varchar(63) not null,
    -- a JSON object, group to roles and labels; nobody is made at the first sign-in without it
    group_roles        text,
    constraint people_issuer_pk primary key (issuer_key)
);
