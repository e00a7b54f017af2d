-- Where a change stands in the database's log; null for those that their writers recorded.
ALTER TABLE change_waiting ADD source_position VARCHAR2(64 CHAR);
ALTER TABLE change_event ADD source_position VARCHAR2(64 CHAR);

-- How far the database's log was recorded, and which instance follows it.
CREATE TABLE change_capture (
    capture_name VARCHAR2(63 CHAR) NOT NULL,
    holder VARCHAR2(64 CHAR),
    held_until TIMESTAMP(6) WITH TIME ZONE,
    fence NUMBER(19) NOT NULL,
    resume_offset VARCHAR2(4000 CHAR),
    last_transaction NUMBER(19),
    last_lsn NUMBER(19),
    last_count NUMBER(10) NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT change_capture_pk PRIMARY KEY (capture_name)
);
