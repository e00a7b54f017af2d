package io.syncline.portal.signin;

import io.syncline.portal.platform.PersonSession;
import org.springframework.security.core.AuthenticatedPrincipal;

/** A person who came with a name and a password. */
record PasswordPerson(PersonSession session) implements SignedIn, AuthenticatedPrincipal {

    @Override
    public String getName() {
        return session.person().user();
    }
}
