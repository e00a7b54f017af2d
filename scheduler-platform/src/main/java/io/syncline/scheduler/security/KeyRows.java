package io.syncline.scheduler.security;

import java.time.Instant;
import java.util.List;

/** The keys that all nodes share. */
interface KeyRows {

    /** Keys that sign, will sign, or have signed and are still accepted, by purpose and generation. */
    List<PlatformKey> usable();

    /** Adds the key unless another node has added one of this purpose and generation before. */
    void addUnlessPresent(PlatformKey key);

    /** Notes that tokens are made by this key that are good until then. */
    void useUntil(String kid, Instant until);
}
