-- When a silence begins, how far the clock of a node is off, and what alerts are looked up by.

alter table silence add from_at timestamp(6) with time zone;
-- milliseconds that the clock of the node is ahead of the database
alter table node add clock_skew_ms number(19);
create index alert_message_channel_ix on alert_message (channel_key, message_id);
create index incident_member_joined_ix on incident_member (group_key, joined_at);
