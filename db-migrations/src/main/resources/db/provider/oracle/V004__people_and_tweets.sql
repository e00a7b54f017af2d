-- People, what they write, whom they follow and what they like. The service writes these tables itself, row by row.

CREATE TABLE app_user (
    user_id VARCHAR2(36 CHAR) NOT NULL,
    username VARCHAR2(64 CHAR) NOT NULL,
    name VARCHAR2(128 CHAR),
    description VARCHAR2(1000 CHAR),
    location VARCHAR2(255 CHAR),
    web_page_url VARCHAR2(1000 CHAR),
    joined_date VARCHAR2(10 CHAR) NOT NULL,
    profile_image_url VARCHAR2(1000 CHAR),
    background_image_url VARCHAR2(1000 CHAR),
    CONSTRAINT app_user_pk PRIMARY KEY (user_id),
    CONSTRAINT app_user_name_once UNIQUE (username)
);

CREATE TABLE tweet (
    tweet_id VARCHAR2(36 CHAR) NOT NULL,
    author_id VARCHAR2(36 CHAR) NOT NULL,
    tweet_text VARCHAR2(4000 CHAR) NOT NULL,
    url VARCHAR2(1000 CHAR),
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT tweet_pk PRIMARY KEY (tweet_id),
    CONSTRAINT tweet_of_author FOREIGN KEY (author_id) REFERENCES app_user (user_id)
);
CREATE INDEX tweet_by_author ON tweet (author_id, tweet_id);

CREATE TABLE follow (
    follower_id VARCHAR2(36 CHAR) NOT NULL,
    followed_id VARCHAR2(36 CHAR) NOT NULL,
    followed_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT follow_pk PRIMARY KEY (follower_id, followed_id),
    CONSTRAINT follow_of_follower FOREIGN KEY (follower_id) REFERENCES app_user (user_id),
    CONSTRAINT follow_of_followed FOREIGN KEY (followed_id) REFERENCES app_user (user_id)
);
CREATE INDEX follow_by_followed ON follow (followed_id, follower_id);

-- The author stands here as well, so that a change of likes says whose likes it changes.
CREATE TABLE tweet_like (
    tweet_id VARCHAR2(36 CHAR) NOT NULL,
    user_id VARCHAR2(36 CHAR) NOT NULL,
    author_id VARCHAR2(36 CHAR) NOT NULL,
    liked_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT tweet_like_pk PRIMARY KEY (tweet_id, user_id),
    CONSTRAINT tweet_like_of_tweet FOREIGN KEY (tweet_id) REFERENCES tweet (tweet_id),
    CONSTRAINT tweet_like_of_user FOREIGN KEY (user_id) REFERENCES app_user (user_id)
);
CREATE INDEX tweet_like_by_user ON tweet_like (user_id, tweet_id);
