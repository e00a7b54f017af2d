package io.syncline.scheduler.catalog;

import org.jspecify.annotations.Nullable;

/**
 * Which messages start a group.
 *
 * @param businessKey null: the message's subject; otherwise a template of text and {@code {subject}}, {@code {id}} or
 *     {@code {data.member}} places
 */
public record TriggerRule(
        String source, String type, @Nullable String businessKey) {}
