-- Behind a traceparent stands the tracestate that came with it, 512 characters at most.

alter table sync_work modify (traceparent varchar2(640 char));
