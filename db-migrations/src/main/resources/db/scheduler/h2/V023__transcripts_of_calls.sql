-- What each call sent and got, as JSON; secrets are hidden before it is written.

alter table call add transcript clob;
