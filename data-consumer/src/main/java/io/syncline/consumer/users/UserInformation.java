package io.syncline.consumer.users;

import org.jspecify.annotations.Nullable;

/** What is known of a user. */
record UserInformation(
        String userId,
        @Nullable String username,
        @Nullable String name,
        @Nullable String description,
        @Nullable String location,
        @Nullable String webPageUrl,
        @Nullable String joinedDate,
        @Nullable String profileImageUrl,
        @Nullable String backgroundImageUrl,
        long tweetCount,
        long followingCount,
        long followerCount,
        long likeCount) {}
