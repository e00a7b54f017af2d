package io.syncline.scheduler.catalog;

/** What a PUT has led to. */
public record Stored<T>(T view, boolean created) {}
