-- The keys that a look-up asks for. Each session sees its own rows only, and they are gone when its transaction ends.
-- The parts of a key stand in the columns of their kind.
CREATE GLOBAL TEMPORARY TABLE lookup_key (
    text_1 VARCHAR2(4000 CHAR),
    text_2 VARCHAR2(4000 CHAR),
    text_3 VARCHAR2(4000 CHAR),
    text_4 VARCHAR2(4000 CHAR),
    number_1 NUMBER,
    number_2 NUMBER,
    number_3 NUMBER,
    number_4 NUMBER
) ON COMMIT DELETE ROWS;
