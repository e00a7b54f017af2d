create table if not exists price (
    business_day varchar(100) not null, article varchar(40) not null, cents integer not null,
    primary key (business_day, article));
create table if not exists price_load (
    business_day varchar(100) primary key, list_version integer not null, loads integer not null);
