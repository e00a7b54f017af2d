-- How far the log of a dataset is on Kafka, and which instance brings it there. One row a dataset.
CREATE TABLE change_publication (
    dataset_name VARCHAR(63) NOT NULL,
    published_seq BIGINT NOT NULL,
    lease_owner VARCHAR(36),
    lease_until TIMESTAMP(6) WITH TIME ZONE,
    fence BIGINT NOT NULL,
    CONSTRAINT change_publication_pk PRIMARY KEY (dataset_name)
);
