-- What is known of a dataset: when its content last changed hands and how many rows it has. One row a dataset.
CREATE TABLE dataset_state (
    dataset_name VARCHAR2(63 CHAR) NOT NULL,
    as_of TIMESTAMP(6) WITH TIME ZONE,
    imported_at TIMESTAMP(6) WITH TIME ZONE,
    row_count NUMBER(19),
    import_id VARCHAR2(36 CHAR),
    CONSTRAINT dataset_state_pk PRIMARY KEY (dataset_name)
);

-- One row an import, kept as history.
CREATE TABLE dataset_import (
    import_id VARCHAR2(36 CHAR) NOT NULL,
    dataset_name VARCHAR2(63 CHAR) NOT NULL,
    as_of TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    imported_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    row_count NUMBER(19) NOT NULL,
    inserted_rows NUMBER(19) NOT NULL,
    updated_rows NUMBER(19) NOT NULL,
    deleted_rows NUMBER(19) NOT NULL,
    unchanged_rows NUMBER(19) NOT NULL,
    body_sha256 VARCHAR2(64 CHAR) NOT NULL,
    body_bytes NUMBER(19) NOT NULL,
    message_id VARCHAR2(36 CHAR),
    imported_by VARCHAR2(255 CHAR) NOT NULL,
    CONSTRAINT dataset_import_pk PRIMARY KEY (import_id)
);
CREATE INDEX dataset_import_by_dataset ON dataset_import (dataset_name, as_of);

-- The keys an import has met so far; filled and emptied inside the transaction of that import.
CREATE TABLE import_key (
    import_id VARCHAR2(36 CHAR) NOT NULL,
    key_hash VARCHAR2(64 CHAR) NOT NULL,
    line_no NUMBER(19) NOT NULL,
    CONSTRAINT import_key_pk PRIMARY KEY (key_hash, import_id)
);

-- One row an extract: a snapshot that is being cut into files, or has been.
CREATE TABLE dataset_extract (
    extract_id VARCHAR2(36 CHAR) NOT NULL,
    dataset_name VARCHAR2(63 CHAR) NOT NULL,
    extract_state VARCHAR2(16 CHAR) NOT NULL,
    file_format VARCHAR2(16 CHAR) NOT NULL,
    rows_per_file NUMBER(10) NOT NULL,
    as_of TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    row_count NUMBER(19),
    shareable NUMBER(1) NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP(6) WITH TIME ZONE,
    expires_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    lease_owner VARCHAR2(36 CHAR),
    lease_until TIMESTAMP(6) WITH TIME ZONE,
    fence NUMBER(10) NOT NULL,
    failure VARCHAR2(1000 CHAR),
    CONSTRAINT dataset_extract_pk PRIMARY KEY (extract_id)
);
CREATE INDEX dataset_extract_open ON dataset_extract (extract_state, created_at);
CREATE INDEX dataset_extract_same ON dataset_extract (dataset_name, as_of);
CREATE INDEX dataset_extract_expiry ON dataset_extract (expires_at);

-- The files of an extract that is READY.
CREATE TABLE extract_file (
    extract_id VARCHAR2(36 CHAR) NOT NULL,
    file_no NUMBER(10) NOT NULL,
    file_name VARCHAR2(127 CHAR) NOT NULL,
    row_count NUMBER(19) NOT NULL,
    byte_count NUMBER(19) NOT NULL,
    sha256 VARCHAR2(64 CHAR) NOT NULL,
    CONSTRAINT extract_file_pk PRIMARY KEY (extract_id, file_no)
);

-- What the owner of the data announced, such as the end of a business day.
CREATE TABLE business_event (
    event_id VARCHAR2(36 CHAR) NOT NULL,
    event_type VARCHAR2(255 CHAR) NOT NULL,
    subject VARCHAR2(255 CHAR),
    event_data CLOB,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    created_by VARCHAR2(255 CHAR) NOT NULL,
    CONSTRAINT business_event_pk PRIMARY KEY (event_id)
);

-- The first answer to each Idempotency-Key, written in the transaction of the work it stands for.
CREATE TABLE request_key (
    key_hash VARCHAR2(64 CHAR) NOT NULL,
    fingerprint VARCHAR2(64 CHAR) NOT NULL,
    answer_body CLOB NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT request_key_pk PRIMARY KEY (key_hash)
);
CREATE INDEX request_key_age ON request_key (created_at);
