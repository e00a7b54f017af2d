create table if not exists plan (
    business_day varchar(100) not null, plan_key varchar(40) not null, price integer not null,
    primary key (business_day, plan_key));
create table if not exists plan_copy (
    business_day varchar(100) not null, plan_key varchar(40) not null, price integer not null,
    primary key (business_day, plan_key));
create table if not exists plan_copied (sync_key varchar(200) primary key, business_day varchar(100) not null);
