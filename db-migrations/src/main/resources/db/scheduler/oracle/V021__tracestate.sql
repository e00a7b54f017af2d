-- Behind a traceparent stands the tracestate that came with it, 512 characters at most.

alter table run modify (traceparent varchar2(640 char));
alter table bulk_job modify (traceparent varchar2(640 char));
alter table trigger_verification modify (traceparent varchar2(640 char));
