package io.syncline.scheduler.catalog;

import org.jspecify.annotations.Nullable;

/**
 * Which messages start a group.
 *
 * @param businessKey null: the message's subject; otherwise a template of text and {@code {subject}}, {@code {id}} or
 *     {@code {data.member}} places
 * @param verify null: the message is taken at its word
 * @param dataSchema the JSON Schema that data must meet, as JSON; null: any data
 */
public record TriggerRule(
        String source,
        String type,
        @Nullable String businessKey,
        @Nullable Verification verify,
        @Nullable String dataSchema) {

    public TriggerRule(String source, String type, @Nullable String businessKey) {
        this(source, type, businessKey, null, null);
    }
}
