-- How a message came, and that it came again; how secrets of systems are told apart, and when they were last used.

-- the record that it came in, as topic, partition and offset
alter table trigger_message add (place varchar2(320 char));
alter table trigger_message add (trace_id varchar2(32 char));
-- how many more times the very same message came, and when it last did; null: never
alter table trigger_message add (copies number(10));
alter table trigger_message add (last_copy_at timestamp(6) with time zone);
create index trigger_message_copied_ix on trigger_message (last_copy_at);

-- drawn anew with each other secret; says nothing of it
alter table sync_system_credential add (fingerprint varchar2(12 char));
alter table sync_system_credential add (previous_fingerprint varchar2(12 char));
-- when a call that carried it was last answered, to about a minute
alter table sync_system_credential add (used_at timestamp(6) with time zone);
alter table sync_system_credential add (previous_used_at timestamp(6) with time zone);
