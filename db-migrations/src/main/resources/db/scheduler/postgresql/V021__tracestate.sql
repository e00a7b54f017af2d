-- Behind a traceparent stands the tracestate that came with it, 512 characters at most.

alter table run alter column traceparent type varchar(640);
alter table bulk_job alter column traceparent type varchar(640);
alter table trigger_verification alter column traceparent type varchar(640);
