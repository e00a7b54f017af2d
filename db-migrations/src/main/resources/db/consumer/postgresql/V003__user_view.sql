-- User information as a materialised view, the facts it is counted from, and how far the change feed was applied.

-- One generation is one whole copy of the view. Changes are applied to every generation that is LIVE or FILLING.
CREATE TABLE view_generation (
    generation  BIGINT NOT NULL,
    state       VARCHAR(20) NOT NULL,
    purpose     VARCHAR(20) NOT NULL,
    work_key    VARCHAR(255) NOT NULL,
    lease_owner VARCHAR(63),
    lease_until TIMESTAMP(6) WITH TIME ZONE,
    fence       BIGINT DEFAULT 0 NOT NULL,
    due_at      TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    tries       INTEGER DEFAULT 0 NOT NULL,
    error_text  VARCHAR(2000),
    result_text TEXT,
    opened_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    live_at     TIMESTAMP(6) WITH TIME ZONE,
    ended_at    TIMESTAMP(6) WITH TIME ZONE,
    CONSTRAINT pk_view_generation PRIMARY KEY (generation),
    CONSTRAINT uq_view_generation_key UNIQUE (work_key),
    CONSTRAINT ck_view_generation_state CHECK (state IN ('FILLING', 'LIVE', 'RETIRED', 'FAILED', 'DELETED'))
);

-- From which extract a generation is filled, and how far.
CREATE TABLE generation_source (
    generation     BIGINT NOT NULL,
    dataset        VARCHAR(63) NOT NULL,
    opened_seq     BIGINT NOT NULL,
    extract_no     INTEGER DEFAULT 1 NOT NULL,
    extract_id     VARCHAR(255),
    ready_at       TIMESTAMP(6) WITH TIME ZONE,
    changes_cursor VARCHAR(1000),
    expected_rows  BIGINT,
    file_count     INTEGER,
    files_filled   INTEGER DEFAULT 0 NOT NULL,
    rows_filled    BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_generation_source PRIMARY KEY (generation, dataset)
);

-- Which generation is read: one row.
CREATE TABLE live_view (
    view_name  VARCHAR(63) NOT NULL,
    generation BIGINT NOT NULL,
    CONSTRAINT pk_live_view PRIMARY KEY (view_name)
);

-- One row a user, also of those whose profile has not come yet (known = 0).
CREATE TABLE user_view (
    user_id              VARCHAR(64) COLLATE "C" NOT NULL,
    generation           BIGINT NOT NULL,
    known                SMALLINT NOT NULL,
    profile_seq          BIGINT NOT NULL,
    username             VARCHAR(255),
    name                 VARCHAR(1000),
    description          VARCHAR(4000),
    location             VARCHAR(1000),
    web_page_url         VARCHAR(2000),
    joined_date          VARCHAR(64),
    profile_image_url    VARCHAR(2000),
    background_image_url VARCHAR(2000),
    tweet_count          BIGINT NOT NULL,
    following_count      BIGINT NOT NULL,
    follower_count       BIGINT NOT NULL,
    like_count           BIGINT NOT NULL,
    row_version          BIGINT NOT NULL,
    CONSTRAINT pk_user_view PRIMARY KEY (user_id, generation)
) WITH (fillfactor = 80);

-- What the counters count, with the last change of each; absent ones stay, so that an older change is known as such.
CREATE TABLE user_fact (
    fact_key   VARCHAR(255) COLLATE "C" NOT NULL,
    kind       VARCHAR(10) NOT NULL,
    generation BIGINT NOT NULL,
    last_seq   BIGINT NOT NULL,
    present    SMALLINT NOT NULL,
    user_id    VARCHAR(64) COLLATE "C",
    other_id   VARCHAR(64) COLLATE "C",
    CONSTRAINT pk_user_fact PRIMARY KEY (fact_key, kind, generation)
);

-- How far each feed of a dataset was applied; written in the transaction that applied it.
CREATE TABLE change_position (
    dataset     VARCHAR(63) NOT NULL,
    feed        VARCHAR(63) NOT NULL,
    feed_cursor VARCHAR(1000),
    last_seq    BIGINT DEFAULT 0 NOT NULL,
    as_of       TIMESTAMP(6) WITH TIME ZONE,
    gone        SMALLINT DEFAULT 0 NOT NULL,
    lease_owner VARCHAR(63),
    lease_until TIMESTAMP(6) WITH TIME ZONE,
    fence       BIGINT DEFAULT 0 NOT NULL,
    CONSTRAINT pk_change_position PRIMARY KEY (dataset, feed)
);

-- Changes that cannot be applied as they are, kept for people.
CREATE TABLE parked_change (
    dataset       VARCHAR(63) NOT NULL,
    feed          VARCHAR(63) NOT NULL,
    feed_position VARCHAR(255) NOT NULL,
    reason        VARCHAR(2000) NOT NULL,
    payload       TEXT,
    parked_at     TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_parked_change PRIMARY KEY (dataset, feed, feed_position)
);

-- How long changes took from their commit to where they can be read, summed by each instance.
CREATE TABLE view_freshness (
    instance_id    VARCHAR(63) NOT NULL,
    measured_at    TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    changes        BIGINT NOT NULL,
    late_changes   BIGINT NOT NULL,
    longest_millis BIGINT NOT NULL,
    CONSTRAINT pk_view_freshness PRIMARY KEY (instance_id, measured_at)
);

CREATE INDEX ix_view_freshness_time ON view_freshness (measured_at);

INSERT INTO view_generation (generation, state, purpose, work_key, due_at, opened_at, live_at)
VALUES (1, 'LIVE', 'FIRST', 'first', current_timestamp, current_timestamp, current_timestamp);

INSERT INTO live_view (view_name, generation) VALUES ('users', 1);
