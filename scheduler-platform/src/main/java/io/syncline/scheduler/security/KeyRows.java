package io.syncline.scheduler.security;

import java.util.List;

/** The keys that all nodes share. */
interface KeyRows {

    /** Keys neither retired nor revoked, by purpose and generation. */
    List<PlatformKey> usable();

    /** Adds the key unless another node has added one of this purpose and generation before. */
    void addUnlessPresent(PlatformKey key);
}
