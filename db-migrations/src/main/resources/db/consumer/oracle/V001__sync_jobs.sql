-- Sync jobs, their files, and what any consumer instance needs to share and finish them.

CREATE TABLE consumer_instance (
    instance_id   VARCHAR2(63 CHAR) NOT NULL,
    checked_in_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_consumer_instance PRIMARY KEY (instance_id)
);

CREATE TABLE dataset_state (
    dataset    VARCHAR2(63 CHAR) NOT NULL,
    as_of      TIMESTAMP(6) WITH TIME ZONE,
    extract_id VARCHAR2(255 CHAR),
    held_rows  NUMBER(19),
    holder_job VARCHAR2(36 CHAR),
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_dataset_state PRIMARY KEY (dataset)
);

CREATE TABLE sync_job (
    job_id          VARCHAR2(36 CHAR) NOT NULL,
    idempotency_key VARCHAR2(255 CHAR) NOT NULL,
    dataset         VARCHAR2(63 CHAR) NOT NULL,
    state           VARCHAR2(20 CHAR) NOT NULL,
    extract_id      VARCHAR2(255 CHAR),
    as_of           TIMESTAMP(6) WITH TIME ZONE,
    column_names    CLOB,
    expected_rows   NUMBER(19),
    file_count      NUMBER(10),
    lease_owner     VARCHAR2(63 CHAR),
    lease_until     TIMESTAMP(6) WITH TIME ZONE,
    fence           NUMBER(19) DEFAULT 0 NOT NULL,
    due_at          TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    tries           NUMBER(10) DEFAULT 0 NOT NULL,
    deleted_rows    NUMBER(19) DEFAULT 0 NOT NULL,
    error_text      VARCHAR2(2000 CHAR),
    reported_at     TIMESTAMP(6) WITH TIME ZONE,
    cleaned         NUMBER(1) DEFAULT 0 NOT NULL,
    created_at      TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    phase_at        TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    ended_at        TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_sync_job PRIMARY KEY (job_id),
    CONSTRAINT uq_sync_job_key UNIQUE (idempotency_key),
    CONSTRAINT ck_sync_job_state CHECK (state IN ('REQUESTED', 'STAGING', 'MERGING', 'RECONCILING', 'COMPLETED', 'FAILED'))
);

CREATE INDEX ix_sync_job_work ON sync_job (cleaned, due_at);

CREATE TABLE sync_file (
    job_id          VARCHAR2(36 CHAR) NOT NULL,
    file_no         NUMBER(10) NOT NULL,
    file_name       VARCHAR2(255 CHAR) NOT NULL,
    state           VARCHAR2(20 CHAR) NOT NULL,
    expected_rows   NUMBER(19) NOT NULL,
    expected_bytes  NUMBER(19) NOT NULL,
    expected_sha256 VARCHAR2(64 CHAR) NOT NULL,
    actual_rows     NUMBER(19),
    actual_bytes    NUMBER(19),
    actual_sha256   VARCHAR2(64 CHAR),
    lease_owner     VARCHAR2(63 CHAR),
    lease_until     TIMESTAMP(6) WITH TIME ZONE,
    fence           NUMBER(19) DEFAULT 0 NOT NULL,
    due_at          TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    tries           NUMBER(10) DEFAULT 0 NOT NULL,
    inserted_rows   NUMBER(19) DEFAULT 0 NOT NULL,
    updated_rows    NUMBER(19) DEFAULT 0 NOT NULL,
    unchanged_rows  NUMBER(19) DEFAULT 0 NOT NULL,
    error_text      VARCHAR2(2000 CHAR),
    retryable       NUMBER(1) DEFAULT 1 NOT NULL,
    CONSTRAINT pk_sync_file PRIMARY KEY (job_id, file_no),
    CONSTRAINT uq_sync_file_name UNIQUE (job_id, file_name),
    CONSTRAINT fk_sync_file_job FOREIGN KEY (job_id) REFERENCES sync_job (job_id),
    CONSTRAINT ck_sync_file_state CHECK (state IN ('PENDING', 'STAGING', 'STAGED', 'MERGING', 'MERGED', 'FAILED', 'SKIPPED'))
);

CREATE INDEX ix_sync_file_work ON sync_file (state, due_at);

-- One row per file whose merge committed; the key makes a second merge of it impossible.
CREATE TABLE merge_commit (
    job_id         VARCHAR2(36 CHAR) NOT NULL,
    file_name      VARCHAR2(255 CHAR) NOT NULL,
    instance_id    VARCHAR2(63 CHAR) NOT NULL,
    fence          NUMBER(19) NOT NULL,
    inserted_rows  NUMBER(19) NOT NULL,
    updated_rows   NUMBER(19) NOT NULL,
    unchanged_rows NUMBER(19) NOT NULL,
    merged_at      TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_merge_commit PRIMARY KEY (job_id, file_name)
);

-- Key and content of each row as the source file (E) and the target table (A) have it, while a job reconciles.
CREATE TABLE reconcile_row (
    job_id       VARCHAR2(36 CHAR) NOT NULL,
    row_side     VARCHAR2(1 CHAR) NOT NULL,
    row_key      VARCHAR2(255 CHAR) NOT NULL,
    content_hash VARCHAR2(64 CHAR) NOT NULL,
    CONSTRAINT pk_reconcile_row PRIMARY KEY (job_id, row_side, row_key)
);
