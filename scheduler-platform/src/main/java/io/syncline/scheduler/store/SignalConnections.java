package io.syncline.scheduler.store;

import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Connections over which nodes tell each other something, one of which stays open to listen.
 *
 * @param source null where the database passes nothing on
 */
public record SignalConnections(@Nullable DataSource source) {}
