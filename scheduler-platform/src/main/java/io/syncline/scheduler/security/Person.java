package io.syncline.scheduler.security;

import java.time.Instant;
import java.util.Set;

/**
 * A person behind a request.
 *
 * @param key the name of the account
 * @param labels whose groups and systems the person reaches
 * @param signedInAt when the person last showed a password or came from the identity provider; some changes ask for a recent one
 */
public record Person(String key, Set<Role> roles, Labels labels, Instant signedInAt) {

    public Person {
        roles = Set.copyOf(roles);
    }
}
