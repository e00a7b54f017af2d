-- One schema a service; each only ever sees its own.
create schema scheduler;
create schema provider;
create schema consumer;
