package io.syncline.scheduler.catalog;

import java.time.LocalTime;
import java.time.ZoneId;

/** By when, each day, a trigger of the group should have come. */
public record ExpectBy(LocalTime time, ZoneId zone) {}
