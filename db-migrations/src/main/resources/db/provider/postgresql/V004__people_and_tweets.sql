-- People, what they write, whom they follow and what they like. The service writes these tables itself, row by row.

CREATE TABLE app_user (
    user_id VARCHAR(36) NOT NULL,
    username VARCHAR(64) NOT NULL,
    name VARCHAR(128),
    description VARCHAR(1000),
    location VARCHAR(255),
    web_page_url VARCHAR(1000),
    joined_date VARCHAR(10) NOT NULL,
    profile_image_url VARCHAR(1000),
    background_image_url VARCHAR(1000),
    CONSTRAINT app_user_pk PRIMARY KEY (user_id),
    CONSTRAINT app_user_name_once UNIQUE (username)
);

CREATE TABLE tweet (
    tweet_id VARCHAR(36) NOT NULL,
    author_id VARCHAR(36) NOT NULL,
    tweet_text VARCHAR(4000) NOT NULL,
    url VARCHAR(1000),
    created_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT tweet_pk PRIMARY KEY (tweet_id),
    CONSTRAINT tweet_of_author FOREIGN KEY (author_id) REFERENCES app_user (user_id)
);
CREATE INDEX tweet_by_author ON tweet (author_id, tweet_id);

CREATE TABLE follow (
    follower_id VARCHAR(36) NOT NULL,
    followed_id VARCHAR(36) NOT NULL,
    followed_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT follow_pk PRIMARY KEY (follower_id, followed_id),
    CONSTRAINT follow_of_follower FOREIGN KEY (follower_id) REFERENCES app_user (user_id),
    CONSTRAINT follow_of_followed FOREIGN KEY (followed_id) REFERENCES app_user (user_id)
);
CREATE INDEX follow_by_followed ON follow (followed_id, follower_id);

-- The author stands here as well, so that a change of likes says whose likes it changes.
CREATE TABLE tweet_like (
    tweet_id VARCHAR(36) NOT NULL,
    user_id VARCHAR(36) NOT NULL,
    author_id VARCHAR(36) NOT NULL,
    liked_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
    CONSTRAINT tweet_like_pk PRIMARY KEY (tweet_id, user_id),
    CONSTRAINT tweet_like_of_tweet FOREIGN KEY (tweet_id) REFERENCES tweet (tweet_id),
    CONSTRAINT tweet_like_of_user FOREIGN KEY (user_id) REFERENCES app_user (user_id)
);
CREATE INDEX tweet_like_by_user ON tweet_like (user_id, tweet_id);
