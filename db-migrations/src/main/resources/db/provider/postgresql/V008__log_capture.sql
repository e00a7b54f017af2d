-- Where a change stands in the database's log; null for those that their writers recorded.
ALTER TABLE change_waiting ADD source_position VARCHAR(64);
ALTER TABLE change_event ADD source_position VARCHAR(64);

-- How far the database's log was recorded, and which instance follows it.
CREATE TABLE change_capture (
    capture_name VARCHAR(63) NOT NULL,
    holder VARCHAR(64),
    held_until TIMESTAMP(6) WITH TIME ZONE,
    fence BIGINT NOT NULL,
    resume_offset VARCHAR(4000),
    last_transaction BIGINT,
    last_lsn BIGINT,
    last_count INTEGER NOT NULL,
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT change_capture_pk PRIMARY KEY (capture_name)
);
