package io.syncline.scheduler.catalog;

import java.util.Optional;

/** The channels, opened, for the room that sends over them. */
public interface Channels {

    Optional<Channel> find(String key);
}
