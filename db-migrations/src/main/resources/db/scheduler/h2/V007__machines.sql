-- What clients show beside a secret, issuers that are trusted beside the platform, and what is taken once only.

-- no tokens from then on, and the given ones are refused; null: none
alter table api_client add expires_at timestamp(6) with time zone;
-- of a token or webhook, to about a minute
alter table api_client add last_used_at timestamp(6) with time zone;
-- client_secret_basic where null, private_key_jwt or none
alter table api_client add auth_method varchar(32);
-- the public keys, or where they are published
alter table api_client add jwks clob;
alter table api_client add jwks_uri varchar(1000);
-- which token of which trusted issuer is this client
alter table api_client add ext_issuer varchar(63);
alter table api_client add ext_subject varchar(255);
-- sealed for their cells
alter table api_client add webhook_secret varchar(1000);
alter table api_client add old_webhook_secret varchar(1000);
alter table api_client add old_webhook_until timestamp(6) with time zone;
-- one subject of an issuer is one client
alter table api_client add constraint api_client_external_uk unique (ext_issuer, ext_subject);

create table trusted_issuer (
    issuer_key         varchar(63) not null,
    -- exactly the iss of its tokens
    issuer             varchar(500) not null,
    jwks_uri           varchar(1000) not null,
    -- separated by one space
    algorithms         varchar(64) not null,
    audience           varchar(255) not null,
    types              varchar(255) not null,
    max_life_seconds   integer not null,
    version            integer not null,
    created_at         timestamp(6) with time zone not null,
    updated_at         timestamp(6) with time zone not null,
    constraint trusted_issuer_pk primary key (issuer_key),
    constraint trusted_issuer_uk unique (issuer)
);

-- The jti of a client's assertion, until no token with it can be good any more.
create table used_assertion (
    client_key         varchar(63) not null,
    jti_hash           varchar(64) not null,
    expires_at         timestamp(6) with time zone not null,
    constraint used_assertion_pk primary key (client_key, jti_hash)
);
create index used_assertion_expires_ix on used_assertion (expires_at);

-- The id of a webhook that was taken in, with a fingerprint of what came under it.
create table webhook_receipt (
    client_key         varchar(63) not null,
    message_hash       varchar(64) not null,
    fingerprint        varchar(64) not null,
    received_at        timestamp(6) with time zone not null,
    constraint webhook_receipt_pk primary key (client_key, message_hash)
);
create index webhook_receipt_received_ix on webhook_receipt (received_at);
