-- Secrets of subscriptions that still sign when further rotations have taken the place of the one before. They are sealed.
CREATE TABLE push_old_secret (
    subscription_id VARCHAR2(36 CHAR) NOT NULL,
    -- the last edition of the subscription in which it was the earlier one
    edition NUMBER(10) NOT NULL,
    sealed_secret VARCHAR2(1000 CHAR) NOT NULL,
    works_until TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT push_old_secret_pk PRIMARY KEY (subscription_id, edition),
    CONSTRAINT push_old_secret_fk FOREIGN KEY (subscription_id) REFERENCES push_subscription (subscription_id) ON DELETE CASCADE
);
