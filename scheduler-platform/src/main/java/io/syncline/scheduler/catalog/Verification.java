package io.syncline.scheduler.catalog;

import java.time.Duration;

/**
 * The look-up at the source that a message must pass before its runs start.
 *
 * @param system whose instances and authentication are used
 * @param path with {@code {id}}, {@code {subject}} and {@code {data.member}} places
 * @param after from the inbox commit to the first look
 * @param giveUpAfter from the inbox commit until a record that is still not there is DISCARDED
 */
public record Verification(String system, String path, Duration after, Duration giveUpAfter) {}
