package io.syncline.scheduler.catalog;

import java.time.ZoneId;

/** When time itself starts a group: a Quartz cron expression read in a zone. */
public record Schedule(String cron, ZoneId zone, Misfire misfire) {}
