package io.syncline.scheduler.ops;

import io.syncline.scheduler.security.SecondApprover;
import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which changes wait for a second person.
 *
 * @param requiredFor destinations, systems, groups, clients, users, issuers or keys; none unless said
 * @param expiresAfter from the proposal until it can no longer be approved; 1 min to 90 d
 */
@ConfigurationProperties("syncline.approval")
record ApprovalProperties(
        @DefaultValue Set<SecondApprover.Kind> requiredFor,
        @DefaultValue("P7D") Duration expiresAfter) {

    ApprovalProperties {
        requiredFor = Set.copyOf(requiredFor);
        if (expiresAfter.compareTo(Duration.ofMinutes(1)) < 0 || expiresAfter.compareTo(Duration.ofDays(90)) > 0) {
            throw new IllegalArgumentException(
                    "syncline.approval.expires-after is from PT1M to P90D, not " + expiresAfter);
        }
    }
}
