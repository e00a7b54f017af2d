-- User information as a materialised view, the facts it is counted from, and how far the change feed was applied.

-- One generation is one whole copy of the view. Changes are applied to every generation that is LIVE or FILLING.
CREATE TABLE view_generation (
    generation  NUMBER(19) NOT NULL,
    state       VARCHAR2(20 CHAR) NOT NULL,
    purpose     VARCHAR2(20 CHAR) NOT NULL,
    work_key    VARCHAR2(255 CHAR) NOT NULL,
    lease_owner VARCHAR2(63 CHAR),
    lease_until TIMESTAMP(6) WITH TIME ZONE,
    fence       NUMBER(19) DEFAULT 0 NOT NULL,
    due_at      TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    tries       NUMBER(10) DEFAULT 0 NOT NULL,
    error_text  VARCHAR2(2000 CHAR),
    result_text CLOB,
    opened_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    live_at     TIMESTAMP(6) WITH TIME ZONE,
    ended_at    TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_view_generation PRIMARY KEY (generation),
    CONSTRAINT uq_view_generation_key UNIQUE (work_key),
    CONSTRAINT ck_view_generation_state CHECK (state IN ('FILLING', 'LIVE', 'RETIRED', 'FAILED', 'DELETED'))
);

-- From which extract a generation is filled, and how far.
CREATE TABLE generation_source (
    generation     NUMBER(19) NOT NULL,
    dataset        VARCHAR2(63 CHAR) NOT NULL,
    opened_seq     NUMBER(19) NOT NULL,
    extract_no     NUMBER(10) DEFAULT 1 NOT NULL,
    extract_id     VARCHAR2(255 CHAR),
    ready_at       TIMESTAMP(6) WITH TIME ZONE,
    changes_cursor VARCHAR2(1000 CHAR),
    expected_rows  NUMBER(19),
    file_count     NUMBER(10),
    files_filled   NUMBER(10) DEFAULT 0 NOT NULL,
    rows_filled    NUMBER(19) DEFAULT 0 NOT NULL,
    CONSTRAINT pk_generation_source PRIMARY KEY (generation, dataset)
);

-- Which generation is read: one row.
CREATE TABLE live_view (
    view_name  VARCHAR2(63 CHAR) NOT NULL,
    generation NUMBER(19) NOT NULL,
    CONSTRAINT pk_live_view PRIMARY KEY (view_name)
);

-- One row a user, also of those whose profile has not come yet (known = 0).
CREATE TABLE user_view (
    user_id              VARCHAR2(64 CHAR) NOT NULL,
    generation           NUMBER(19) NOT NULL,
    known                NUMBER(1) NOT NULL,
    profile_seq          NUMBER(19) NOT NULL,
    username             VARCHAR2(255 CHAR),
    name                 VARCHAR2(1000 CHAR),
    description          VARCHAR2(4000 CHAR),
    location             VARCHAR2(1000 CHAR),
    web_page_url         VARCHAR2(2000 CHAR),
    joined_date          VARCHAR2(64 CHAR),
    profile_image_url    VARCHAR2(2000 CHAR),
    background_image_url VARCHAR2(2000 CHAR),
    tweet_count          NUMBER(19) NOT NULL,
    following_count      NUMBER(19) NOT NULL,
    follower_count       NUMBER(19) NOT NULL,
    like_count           NUMBER(19) NOT NULL,
    row_version          NUMBER(19) NOT NULL,
    CONSTRAINT pk_user_view PRIMARY KEY (user_id, generation)
);

-- What the counters count, with the last change of each; absent ones stay, so that an older change is known as such.
CREATE TABLE user_fact (
    fact_key   VARCHAR2(255 CHAR) NOT NULL,
    kind       VARCHAR2(10 CHAR) NOT NULL,
    generation NUMBER(19) NOT NULL,
    last_seq   NUMBER(19) NOT NULL,
    present    NUMBER(1) NOT NULL,
    user_id    VARCHAR2(64 CHAR),
    other_id   VARCHAR2(64 CHAR),
    CONSTRAINT pk_user_fact PRIMARY KEY (fact_key, kind, generation)
);

-- How far each feed of a dataset was applied; written in the transaction that applied it.
CREATE TABLE change_position (
    dataset     VARCHAR2(63 CHAR) NOT NULL,
    feed        VARCHAR2(63 CHAR) NOT NULL,
    feed_cursor VARCHAR2(1000 CHAR),
    last_seq    NUMBER(19) DEFAULT 0 NOT NULL,
    as_of       TIMESTAMP(6) WITH TIME ZONE,
    gone        NUMBER(1) DEFAULT 0 NOT NULL,
    lease_owner VARCHAR2(63 CHAR),
    lease_until TIMESTAMP(6) WITH TIME ZONE,
    fence       NUMBER(19) DEFAULT 0 NOT NULL,
    CONSTRAINT pk_change_position PRIMARY KEY (dataset, feed)
);

-- Changes that cannot be applied as they are, kept for people.
CREATE TABLE parked_change (
    dataset       VARCHAR2(63 CHAR) NOT NULL,
    feed          VARCHAR2(63 CHAR) NOT NULL,
    feed_position VARCHAR2(255 CHAR) NOT NULL,
    reason        VARCHAR2(2000 CHAR) NOT NULL,
    payload       CLOB,
    parked_at     TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_parked_change PRIMARY KEY (dataset, feed, feed_position)
);

-- How long changes took from their commit to where they can be read, summed by each instance.
CREATE TABLE view_freshness (
    instance_id    VARCHAR2(63 CHAR) NOT NULL,
    measured_at    TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    changes        NUMBER(19) NOT NULL,
    late_changes   NUMBER(19) NOT NULL,
    longest_millis NUMBER(19) NOT NULL,
    CONSTRAINT pk_view_freshness PRIMARY KEY (instance_id, measured_at)
);

CREATE INDEX ix_view_freshness_time ON view_freshness (measured_at);

INSERT INTO view_generation (generation, state, purpose, work_key, due_at, opened_at, live_at)
VALUES (1, 'LIVE', 'FIRST', 'first', current_timestamp, current_timestamp, current_timestamp);

INSERT INTO live_view (view_name, generation) VALUES ('users', 1);
