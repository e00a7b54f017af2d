-- How far the log of a dataset is on Kafka, and which instance brings it there. One row a dataset.
CREATE TABLE change_publication (
    dataset_name VARCHAR2(63 CHAR) NOT NULL,
    published_seq NUMBER(19) NOT NULL,
    lease_owner VARCHAR2(36 CHAR),
    lease_until TIMESTAMP(6) WITH TIME ZONE,
    fence NUMBER(19) NOT NULL,
    CONSTRAINT change_publication_pk PRIMARY KEY (dataset_name)
);
