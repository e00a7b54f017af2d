-- one row: since when no schedule fires, by whom and why; null: they fire
create table scheduling_pause (
    pause_key         varchar2(20 char) not null,
    paused_at         timestamp(6) with time zone,
    paused_by         varchar2(200 char),
    reason            varchar2(500 char),
    constraint scheduling_pause_pk primary key (pause_key)
);
insert into scheduling_pause (pause_key) values ('all');
