-- What an enrichment has collected and looked up so far; its rows go when it ends.

CREATE TABLE enrichment_job (
    job_id          VARCHAR(36) NOT NULL,
    idempotency_key VARCHAR(255) NOT NULL,
    state           VARCHAR(20) NOT NULL,
    last_id         VARCHAR(64),
    asked_ids       BIGINT DEFAULT 0 NOT NULL,
    found_ids       BIGINT DEFAULT 0 NOT NULL,
    fence           BIGINT DEFAULT 1 NOT NULL,
    touched_at      TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_enrichment_job PRIMARY KEY (job_id),
    CONSTRAINT uq_enrichment_job_key UNIQUE (idempotency_key),
    CONSTRAINT ck_enrichment_job_state CHECK (case state when 'COLLECTING' then 1 when 'LOOKING_UP' then 1 when 'WRITING' then 1 else 0 end = 1)
);

CREATE INDEX ix_enrichment_job_touched ON enrichment_job (touched_at);

-- The distinct ids of the job's files.
CREATE TABLE enrichment_id (
    job_id   VARCHAR(36) NOT NULL,
    asked_id VARCHAR(64) NOT NULL,
    CONSTRAINT pk_enrichment_id PRIMARY KEY (job_id, asked_id)
);

-- What the provider told of those that it has: the chosen fields in their order, a JSON array.
CREATE TABLE enrichment_profile (
    job_id       VARCHAR(36) NOT NULL,
    asked_id     VARCHAR(64) NOT NULL,
    profile_text CLOB NOT NULL,
    CONSTRAINT pk_enrichment_profile PRIMARY KEY (job_id, asked_id)
);
