package io.syncline.scheduler.catalog;

import java.time.Instant;
import java.util.List;

/** Which credentials of systems end. */
public interface CredentialExpiries {

    List<Expiry> endingBefore(Instant time);

    record Expiry(String system, String credential, Instant at) {}
}
