-- Which numbers the log of a dataset has. One row a dataset; whoever holds it gives its numbers.
CREATE TABLE change_feed (
    dataset_name VARCHAR2(63 CHAR) NOT NULL,
    first_seq NUMBER(19) NOT NULL,
    last_seq NUMBER(19) NOT NULL,
    recording NUMBER(1) NOT NULL,
    CONSTRAINT change_feed_pk PRIMARY KEY (dataset_name)
);

-- Changes as their writers' transactions leave them, without a number. They leave with the next turn of the
-- sequencer.
CREATE TABLE change_waiting (
    change_id NUMBER(19) GENERATED ALWAYS AS IDENTITY (CACHE 1000 ORDER),
    dataset_name VARCHAR2(63 CHAR) NOT NULL,
    event_id VARCHAR2(36 CHAR) NOT NULL,
    table_name VARCHAR2(127 CHAR) NOT NULL,
    operation VARCHAR2(16 CHAR) NOT NULL,
    row_key VARCHAR2(2000 CHAR) NOT NULL,
    row_before CLOB,
    row_after CLOB,
    transaction_id VARCHAR2(36 CHAR),
    committed_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT change_waiting_pk PRIMARY KEY (dataset_name, change_id)
);
CREATE INDEX change_waiting_of_long ON change_waiting (transaction_id);

-- The log: what happened to the rows of a dataset, in the order of its numbers. Only ever added to, and purged from its
-- beginning.
CREATE TABLE change_event (
    dataset_name VARCHAR2(63 CHAR) NOT NULL,
    dataset_seq NUMBER(19) NOT NULL,
    change_id NUMBER(19) NOT NULL,
    event_id VARCHAR2(36 CHAR) NOT NULL,
    table_name VARCHAR2(127 CHAR) NOT NULL,
    operation VARCHAR2(16 CHAR) NOT NULL,
    row_key VARCHAR2(2000 CHAR) NOT NULL,
    row_before CLOB,
    row_after CLOB,
    committed_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    numbered_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT change_event_pk PRIMARY KEY (dataset_name, dataset_seq)
);

-- The last number of the log whose change is in the snapshot for certain; null without a log.
ALTER TABLE dataset_extract ADD changes_seq NUMBER(19);
