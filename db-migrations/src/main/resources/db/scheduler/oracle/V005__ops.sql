-- What operators did: one row per action that changed something, never updated.
CREATE TABLE audit_entry (
    audit_id    VARCHAR2(36) NOT NULL,
    recorded_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    actor       VARCHAR2(200 CHAR) NOT NULL,
    action      VARCHAR2(60 CHAR)  NOT NULL,
    object_kind VARCHAR2(30 CHAR)  NOT NULL,
    object_key  VARCHAR2(200 CHAR) NOT NULL,
    reason      VARCHAR2(500 CHAR),
    details     CLOB,
    trace_id    VARCHAR2(32 CHAR),
    CONSTRAINT audit_entry_pk PRIMARY KEY (audit_id)
);

CREATE INDEX audit_entry_by_object ON audit_entry (object_kind, object_key, audit_id);

-- First answers to operators' calls, by caller, method, path and key.
CREATE TABLE idempotent_call (
    call_hash    VARCHAR2(64 CHAR)  NOT NULL,
    fingerprint  VARCHAR2(64 CHAR)  NOT NULL,
    begun_at     TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    answered_at  TIMESTAMP(6) WITH TIME ZONE,
    answer_code  NUMBER(3),
    content_type VARCHAR2(200 CHAR),
    location     VARCHAR2(500 CHAR),
    body         CLOB,
    CONSTRAINT idempotent_call_pk PRIMARY KEY (call_hash)
);

CREATE INDEX idempotent_call_by_begin ON idempotent_call (begun_at);
