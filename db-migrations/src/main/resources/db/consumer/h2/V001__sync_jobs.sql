-- H2 binds the list of an `in` check to the session that created it and fails once that one closes; `case` holds no list.
-- Sync jobs, their files, and what any consumer instance needs to share and finish them.

CREATE TABLE consumer_instance (
    instance_id   VARCHAR(63) NOT NULL,
    checked_in_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_consumer_instance PRIMARY KEY (instance_id)
);

CREATE TABLE dataset_state (
    dataset    VARCHAR(63) NOT NULL,
    as_of      TIMESTAMP(6) WITH TIME ZONE,
    extract_id VARCHAR(255),
    held_rows  BIGINT,
    holder_job VARCHAR(36),
    updated_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_dataset_state PRIMARY KEY (dataset)
);

CREATE TABLE sync_job (
    job_id          VARCHAR(36) NOT NULL,
    idempotency_key VARCHAR(255) NOT NULL,
    dataset         VARCHAR(63) NOT NULL,
    state           VARCHAR(20) NOT NULL,
    extract_id      VARCHAR(255),
    as_of           TIMESTAMP(6) WITH TIME ZONE,
    column_names    CLOB,
    expected_rows   BIGINT,
    file_count      INTEGER,
    lease_owner     VARCHAR(63),
    lease_until     TIMESTAMP(6) WITH TIME ZONE,
    fence           BIGINT DEFAULT 0 NOT NULL,
    due_at          TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    tries           INTEGER DEFAULT 0 NOT NULL,
    deleted_rows    BIGINT DEFAULT 0 NOT NULL,
    error_text      VARCHAR(2000),
    reported_at     TIMESTAMP(6) WITH TIME ZONE,
    cleaned         SMALLINT DEFAULT 0 NOT NULL,
    created_at      TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    phase_at        TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    ended_at        TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_sync_job PRIMARY KEY (job_id),
    CONSTRAINT uq_sync_job_key UNIQUE (idempotency_key),
    CONSTRAINT ck_sync_job_state CHECK (case state when 'REQUESTED' then 1 when 'STAGING' then 1 when 'MERGING' then 1 when 'RECONCILING' then 1 when 'COMPLETED' then 1 when 'FAILED' then 1 else 0 end = 1)
);

CREATE INDEX ix_sync_job_work ON sync_job (cleaned, due_at);

CREATE TABLE sync_file (
    job_id          VARCHAR(36) NOT NULL,
    file_no         INTEGER NOT NULL,
    file_name       VARCHAR(255) NOT NULL,
    state           VARCHAR(20) NOT NULL,
    expected_rows   BIGINT NOT NULL,
    expected_bytes  BIGINT NOT NULL,
    expected_sha256 VARCHAR(64) NOT NULL,
    actual_rows     BIGINT,
    actual_bytes    BIGINT,
    actual_sha256   VARCHAR(64),
    lease_owner     VARCHAR(63),
    lease_until     TIMESTAMP(6) WITH TIME ZONE,
    fence           BIGINT DEFAULT 0 NOT NULL,
    due_at          TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    tries           INTEGER DEFAULT 0 NOT NULL,
    inserted_rows   BIGINT DEFAULT 0 NOT NULL,
    updated_rows    BIGINT DEFAULT 0 NOT NULL,
    unchanged_rows  BIGINT DEFAULT 0 NOT NULL,
    error_text      VARCHAR(2000),
    retryable       SMALLINT DEFAULT 1 NOT NULL,
    CONSTRAINT pk_sync_file PRIMARY KEY (job_id, file_no),
    CONSTRAINT uq_sync_file_name UNIQUE (job_id, file_name),
    CONSTRAINT fk_sync_file_job FOREIGN KEY (job_id) REFERENCES sync_job (job_id),
    CONSTRAINT ck_sync_file_state CHECK (case state when 'PENDING' then 1 when 'STAGING' then 1 when 'STAGED' then 1 when 'MERGING' then 1 when 'MERGED' then 1 when 'FAILED' then 1 when 'SKIPPED' then 1 else 0 end = 1)
);

CREATE INDEX ix_sync_file_work ON sync_file (state, due_at);

-- One row per file whose merge committed; the key makes a second merge of it impossible.
CREATE TABLE merge_commit (
    job_id         VARCHAR(36) NOT NULL,
    file_name      VARCHAR(255) NOT NULL,
    instance_id    VARCHAR(63) NOT NULL,
    fence          BIGINT NOT NULL,
    inserted_rows  BIGINT NOT NULL,
    updated_rows   BIGINT NOT NULL,
    unchanged_rows BIGINT NOT NULL,
    merged_at      TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_merge_commit PRIMARY KEY (job_id, file_name)
);

-- Key and content of each row as the source file (E) and the target table (A) have it, while a job reconciles.
CREATE TABLE reconcile_row (
    job_id       VARCHAR(36) NOT NULL,
    row_side     VARCHAR(1) NOT NULL,
    row_key      VARCHAR(255) NOT NULL,
    content_hash VARCHAR(64) NOT NULL,
    CONSTRAINT pk_reconcile_row PRIMARY KEY (job_id, row_side, row_key)
);
