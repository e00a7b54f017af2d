package io.syncline.portal.platform;

import java.util.List;
import java.util.Set;

/**
 * The signed-in person as the platform answered it.
 *
 * @param user the name that the person signs in with
 * @param name what others call the person
 * @param labels whose groups the person reaches; {@code *} is all of them
 */
public record Person(String user, String name, List<String> roles, List<String> labels, Set<String> scopes) {

    private static final String ALL = "*";

    public Person {
        roles = List.copyOf(roles);
        labels = List.copyOf(labels);
        scopes = Set.copyOf(scopes);
    }

    /** Whether the person has a scope; the platform has put in what {@code admin} includes. */
    public boolean may(String scope) {
        return scopes.contains(scope);
    }

    /** In words, for the header. */
    public String rolesInWords() {
        return roles.isEmpty() ? "no role" : String.join(", ", roles);
    }

    /** In words, for the header. */
    public String labelsInWords() {
        if (labels.contains(ALL)) {
            return "all groups";
        }
        return labels.isEmpty() ? "no groups" : String.join(", ", labels);
    }

    public List<String> scopesInOrder() {
        return scopes.stream().sorted().toList();
    }
}
