-- Secrets are sealed by the wrapping key; signing keys are rotated and revoked.

-- Tables that held secrets in clear text before; the first start seals what it finds there and removes the row.
create table unsealed_table (
    table_name         varchar2(63 char) not null,
    constraint unsealed_table_pk primary key (table_name)
);
insert into unsealed_table (table_name) values ('signing_key');

-- when it became the current key of its purpose
alter table signing_key add activated_at timestamp(6) with time zone;
-- no token was made with it that is good for longer; only for callback keys
alter table signing_key add used_until timestamp(6) with time zone;

-- Callback tokens made so far live as long as the deadlines of their task runs, which nobody wrote down here.
update signing_key
   set used_until = current_timestamp + interval '365' day
 where purpose = 'CALLBACK';

-- One row, locked by whoever makes, rotates, revokes or removes keys.
create table signing_key_lock (
    lock_id            number(10) not null,
    constraint signing_key_lock_pk primary key (lock_id)
);
insert into signing_key_lock (lock_id) values (1);
