-- Oracle's global temporary table of the keys that a look-up asks for. Here each look-up makes a temporary table of its
-- own, with the types of the dataset's key, and nothing is ever written to this one: it keeps the vendors' tables equal.
CREATE TABLE lookup_key (
    text_1 VARCHAR(4000),
    text_2 VARCHAR(4000),
    text_3 VARCHAR(4000),
    text_4 VARCHAR(4000),
    number_1 NUMERIC,
    number_2 NUMERIC,
    number_3 NUMERIC,
    number_4 NUMERIC
);
