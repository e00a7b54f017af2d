-- Who is told of a dataset's changes, and where. The secrets are sealed.
CREATE TABLE push_subscription (
    subscription_id VARCHAR(36) NOT NULL,
    subscription_key VARCHAR(63) NOT NULL,
    dataset_name VARCHAR(63) NOT NULL,
    endpoint VARCHAR(2000) NOT NULL,
    ordered SMALLINT NOT NULL,
    enabled SMALLINT NOT NULL,
    disabled_because VARCHAR(1000),
    sealed_secret VARCHAR(1000) NOT NULL,
    earlier_secret VARCHAR(1000),
    earlier_until TIMESTAMP(6) WITH TIME ZONE,
    failing_since TIMESTAMP(6) WITH TIME ZONE,
    edition INTEGER NOT NULL,
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    changed_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    changed_by VARCHAR(255) NOT NULL,
    CONSTRAINT push_subscription_pk PRIMARY KEY (subscription_id),
    CONSTRAINT push_subscription_key_uk UNIQUE (subscription_key)
);

-- Up to which number of the log a subscription's deliveries are stored. Whoever holds the row stores them.
CREATE TABLE push_cursor (
    subscription_id VARCHAR(36) NOT NULL,
    stored_seq BIGINT NOT NULL,
    CONSTRAINT push_cursor_pk PRIMARY KEY (subscription_id)
);

-- What a message of the outbox brings to whom; deleted some time after the message itself.
CREATE TABLE push_delivery (
    delivery_id VARCHAR(36) NOT NULL,
    subscription_id VARCHAR(36) NOT NULL,
    subscription_key VARCHAR(63) NOT NULL,
    dataset_name VARCHAR(63) NOT NULL,
    dataset_seq BIGINT NOT NULL,
    event_id VARCHAR(36) NOT NULL,
    row_key VARCHAR(2000) NOT NULL,
    CONSTRAINT push_delivery_pk PRIMARY KEY (delivery_id)
);
CREATE INDEX push_delivery_of ON push_delivery (subscription_key, delivery_id);
