package io.syncline.scheduler.catalog;

import java.time.Instant;

/**
 * One version of a document as it is stored.
 *
 * @param document JSON
 */
public record StoredVersion(String key, int version, String document, Instant createdAt, String createdBy) {}
