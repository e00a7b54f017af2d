-- What is known of a dataset: when its content last changed hands and how many rows it has. One row a dataset.
CREATE TABLE dataset_state (
    dataset_name VARCHAR(63) NOT NULL,
    as_of TIMESTAMP(6) WITH TIME ZONE,
    imported_at TIMESTAMP(6) WITH TIME ZONE,
    row_count BIGINT,
    import_id VARCHAR(36),
    CONSTRAINT dataset_state_pk PRIMARY KEY (dataset_name)
);

-- One row an import, kept as history.
CREATE TABLE dataset_import (
    import_id VARCHAR(36) NOT NULL,
    dataset_name VARCHAR(63) NOT NULL,
    as_of TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    imported_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    row_count BIGINT NOT NULL,
    inserted_rows BIGINT NOT NULL,
    updated_rows BIGINT NOT NULL,
    deleted_rows BIGINT NOT NULL,
    unchanged_rows BIGINT NOT NULL,
    body_sha256 VARCHAR(64) NOT NULL,
    body_bytes BIGINT NOT NULL,
    message_id VARCHAR(36),
    imported_by VARCHAR(255) NOT NULL,
    CONSTRAINT dataset_import_pk PRIMARY KEY (import_id)
);
CREATE INDEX dataset_import_by_dataset ON dataset_import (dataset_name, as_of);

-- The keys an import has met so far; filled and emptied inside the transaction of that import.
CREATE UNLOGGED TABLE import_key (
    import_id VARCHAR(36) NOT NULL,
    key_hash VARCHAR(64) NOT NULL,
    line_no BIGINT NOT NULL,
    CONSTRAINT import_key_pk PRIMARY KEY (key_hash, import_id)
);

-- One row an extract: a snapshot that is being cut into files, or has been.
CREATE TABLE dataset_extract (
    extract_id VARCHAR(36) NOT NULL,
    dataset_name VARCHAR(63) NOT NULL,
    extract_state VARCHAR(16) NOT NULL,
    file_format VARCHAR(16) NOT NULL,
    rows_per_file INTEGER NOT NULL,
    as_of TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    row_count BIGINT,
    shareable SMALLINT NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP(6) WITH TIME ZONE,
    expires_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    lease_owner VARCHAR(36),
    lease_until TIMESTAMP(6) WITH TIME ZONE,
    fence INTEGER NOT NULL,
    failure VARCHAR(1000),
    CONSTRAINT dataset_extract_pk PRIMARY KEY (extract_id)
);
CREATE INDEX dataset_extract_open ON dataset_extract (extract_state, created_at);
CREATE INDEX dataset_extract_same ON dataset_extract (dataset_name, as_of);
CREATE INDEX dataset_extract_expiry ON dataset_extract (expires_at);

-- The files of an extract that is READY.
CREATE TABLE extract_file (
    extract_id VARCHAR(36) NOT NULL,
    file_no INTEGER NOT NULL,
    file_name VARCHAR(127) NOT NULL,
    row_count BIGINT NOT NULL,
    byte_count BIGINT NOT NULL,
    sha256 VARCHAR(64) NOT NULL,
    CONSTRAINT extract_file_pk PRIMARY KEY (extract_id, file_no)
);

-- What the owner of the data announced, such as the end of a business day.
CREATE TABLE business_event (
    event_id VARCHAR(36) NOT NULL,
    event_type VARCHAR(255) NOT NULL,
    subject VARCHAR(255),
    event_data TEXT,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    created_by VARCHAR(255) NOT NULL,
    CONSTRAINT business_event_pk PRIMARY KEY (event_id)
);

-- The first answer to each Idempotency-Key, written in the transaction of the work it stands for.
CREATE TABLE request_key (
    key_hash VARCHAR(64) NOT NULL,
    fingerprint VARCHAR(64) NOT NULL,
    answer_body TEXT NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT request_key_pk PRIMARY KEY (key_hash)
);
CREATE INDEX request_key_age ON request_key (created_at);
