-- What operators did: one row per action that changed something, never updated.
CREATE TABLE audit_entry (
    audit_id    VARCHAR(36)  NOT NULL,
    recorded_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    actor       VARCHAR(200) NOT NULL,
    action      VARCHAR(60)  NOT NULL,
    object_kind VARCHAR(30)  NOT NULL,
    object_key  VARCHAR(200) NOT NULL,
    reason      VARCHAR(500),
    details     TEXT,
    trace_id    VARCHAR(32),
    CONSTRAINT audit_entry_pk PRIMARY KEY (audit_id)
);

CREATE INDEX audit_entry_by_object ON audit_entry (object_kind, object_key, audit_id);

-- First answers to operators' calls, by caller, method, path and key.
CREATE TABLE idempotent_call (
    call_hash    VARCHAR(64)  NOT NULL,
    fingerprint  VARCHAR(64)  NOT NULL,
    begun_at     TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    answered_at  TIMESTAMP(6) WITH TIME ZONE,
    answer_code  INTEGER,
    content_type VARCHAR(200),
    location     VARCHAR(500),
    body         TEXT,
    CONSTRAINT idempotent_call_pk PRIMARY KEY (call_hash)
);

CREATE INDEX idempotent_call_by_begin ON idempotent_call (begun_at);
