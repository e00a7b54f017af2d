-- From what the outbox holds to the message of an alert that it carries.

create index alert_message_outbox_ix on alert_message (outbox_id);
