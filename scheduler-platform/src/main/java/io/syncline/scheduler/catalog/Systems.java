package io.syncline.scheduler.catalog;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The systems as the rest of the platform reads them. A change of another node is seen within a second. */
public interface Systems {

    Optional<SyncSystem> find(String key);

    /** By key. */
    List<SyncSystem> all();

    /** Systems that have reserved this CloudEvents source for their own clients; empty: anybody may send it. */
    Set<String> ownersOf(String source);
}
