package io.syncline.scheduler.trigger;

/** Published when a message was refused because its source belongs to other systems; the message itself is not kept. */
public record ForeignSource(String client, String source, String messageId) {}
