-- Ids of the webhooks whose work was done, for as long as they may come again.
create table webhook_seen (
    webhook_id  varchar(255)                  not null,
    seen_at     timestamp(6) with time zone  not null,
    constraint webhook_seen_pk primary key (webhook_id)
);

create index webhook_seen_age_ix on webhook_seen (seen_at);
