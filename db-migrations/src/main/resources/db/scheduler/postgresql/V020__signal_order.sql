-- Signals are taken in the order in which they were written: of two transactions that waited for each other, the one that began
-- first may have written second, and the clock of a database may be set back.

alter table alert_signal add place bigint generated always as identity;
drop index alert_signal_order_ix;
create index alert_signal_order_ix on alert_signal (place);
