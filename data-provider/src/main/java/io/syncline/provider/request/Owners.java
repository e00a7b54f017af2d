package io.syncline.provider.request;

import io.syncline.provider.problem.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Who may change the data and speak for it. The scope {@code triggers:write} alone is not enough, since every upstream
 * system has it: the client must be one of this service's owners, or {@code admin}.
 */
@Component
public class Owners {

    private final OwnerProperties properties;
    private final @Nullable String ownClient;

    Owners(OwnerProperties properties, @Value("${syncline.client.client-id:#{null}}") @Nullable String ownClient) {
        this.properties = properties;
        this.ownClient = ownClient;
    }

    /** @throws ProblemException 403 */
    public void refuseOthers(Caller caller) {
        if (!caller.admin() && !properties.include(caller.subject(), ownClient)) {
            throw ProblemException.of(403, "not-an-owner", "This client does not own the data")
                    .detail("Use a client named by syncline.provider.owners, or one with the scope admin");
        }
    }
}
