create table if not exists price_list (
    business_day varchar(10) primary key, list_version integer not null, csv varchar(1000000) not null);
