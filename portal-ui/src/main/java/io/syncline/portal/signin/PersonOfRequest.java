package io.syncline.portal.signin;

import io.syncline.portal.platform.CurrentPerson;
import io.syncline.portal.platform.PersonSession;
import io.syncline.portal.platform.SessionEndedException;
import java.util.Optional;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

/** The person of the request that this thread serves. */
@Component
class PersonOfRequest implements CurrentPerson {

    @Override
    public PersonSession session() {
        return now().orElseThrow(() -> new SessionEndedException(null));
    }

    static Optional<PersonSession> now() {
        var authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication != null && authentication.getPrincipal() instanceof SignedIn person
                ? Optional.of(person.session())
                : Optional.empty();
    }
}
