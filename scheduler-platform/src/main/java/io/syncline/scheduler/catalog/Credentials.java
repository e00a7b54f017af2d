package io.syncline.scheduler.catalog;

import java.util.Optional;

/** The systems' secrets, opened, for the room that presents them. A change of another node is seen within 2 s. */
public interface Credentials {

    Optional<KeptCredential> find(String system, String name);
}
