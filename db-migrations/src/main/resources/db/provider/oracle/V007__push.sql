-- Who is told of a dataset's changes, and where. The secrets are sealed.
CREATE TABLE push_subscription (
    subscription_id VARCHAR2(36 CHAR) NOT NULL,
    subscription_key VARCHAR2(63 CHAR) NOT NULL,
    dataset_name VARCHAR2(63 CHAR) NOT NULL,
    endpoint VARCHAR2(2000 CHAR) NOT NULL,
    ordered NUMBER(1) NOT NULL,
    enabled NUMBER(1) NOT NULL,
    disabled_because VARCHAR2(1000 CHAR),
    sealed_secret VARCHAR2(1000 CHAR) NOT NULL,
    earlier_secret VARCHAR2(1000 CHAR),
    earlier_until TIMESTAMP(6) WITH TIME ZONE,
    failing_since TIMESTAMP(6) WITH TIME ZONE,
    edition NUMBER(10) NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    changed_by VARCHAR2(255 CHAR) NOT NULL,
    CONSTRAINT push_subscription_pk PRIMARY KEY (subscription_id),
    CONSTRAINT push_subscription_key_uk UNIQUE (subscription_key)
);

-- Up to which number of the log a subscription's deliveries are stored. Whoever holds the row stores them.
CREATE TABLE push_cursor (
    subscription_id VARCHAR2(36 CHAR) NOT NULL,
    stored_seq NUMBER(19) NOT NULL,
    CONSTRAINT push_cursor_pk PRIMARY KEY (subscription_id)
);

-- What a message of the outbox brings to whom; deleted some time after the message itself.
CREATE TABLE push_delivery (
    delivery_id VARCHAR2(36 CHAR) NOT NULL,
    subscription_id VARCHAR2(36 CHAR) NOT NULL,
    subscription_key VARCHAR2(63 CHAR) NOT NULL,
    dataset_name VARCHAR2(63 CHAR) NOT NULL,
    dataset_seq NUMBER(19) NOT NULL,
    event_id VARCHAR2(36 CHAR) NOT NULL,
    row_key VARCHAR2(2000 CHAR) NOT NULL,
    CONSTRAINT push_delivery_pk PRIMARY KEY (delivery_id)
);
CREATE INDEX push_delivery_of ON push_delivery (subscription_key, delivery_id);
