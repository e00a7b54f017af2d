-- Which numbers the log of a dataset has. One row a dataset; whoever holds it gives its numbers.
CREATE TABLE change_feed (
    dataset_name VARCHAR(63) NOT NULL,
    first_seq BIGINT NOT NULL,
    last_seq BIGINT NOT NULL,
    recording SMALLINT NOT NULL,
    CONSTRAINT change_feed_pk PRIMARY KEY (dataset_name)
);

-- Changes as their writers' transactions leave them, without a number. They leave with the next turn of the
-- sequencer, so the table stays small and is vacuumed by what it lost, not by its size.
CREATE TABLE change_waiting (
    change_id BIGINT GENERATED ALWAYS AS IDENTITY,
    dataset_name VARCHAR(63) NOT NULL,
    event_id VARCHAR(36) NOT NULL,
    table_name VARCHAR(127) NOT NULL,
    operation VARCHAR(16) NOT NULL,
    row_key VARCHAR(2000) NOT NULL,
    row_before TEXT,
    row_after TEXT,
    transaction_id VARCHAR(36),
    committed_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT change_waiting_pk PRIMARY KEY (dataset_name, change_id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
CREATE INDEX change_waiting_of_long ON change_waiting (transaction_id) WHERE transaction_id IS NOT NULL;

-- The log: what happened to the rows of a dataset, in the order of its numbers. Only ever added to, and purged from its
-- beginning.
CREATE TABLE change_event (
    dataset_name VARCHAR(63) NOT NULL,
    dataset_seq BIGINT NOT NULL,
    change_id BIGINT NOT NULL,
    event_id VARCHAR(36) NOT NULL,
    table_name VARCHAR(127) NOT NULL,
    operation VARCHAR(16) NOT NULL,
    row_key VARCHAR(2000) NOT NULL,
    row_before TEXT,
    row_after TEXT,
    committed_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    numbered_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT change_event_pk PRIMARY KEY (dataset_name, dataset_seq)
);

-- The last number of the log whose change is in the snapshot for certain; null without a log.
ALTER TABLE dataset_extract ADD changes_seq BIGINT;
