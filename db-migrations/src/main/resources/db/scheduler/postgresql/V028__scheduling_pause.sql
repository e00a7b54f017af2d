-- one row: since when no schedule fires, by whom and why; null: they fire
create table scheduling_pause (
    pause_key         varchar(20) not null,
    paused_at         timestamp(6) with time zone,
    paused_by         varchar(200),
    reason            varchar(500),
    constraint scheduling_pause_pk primary key (pause_key)
);
insert into scheduling_pause (pause_key) values ('all');
