package io.syncline.portal.groups;

import io.syncline.portal.platform.Person;

/**
 * Whether a person may do something, as far as the portal can tell; the platform decides.
 *
 * @param why not, in words; empty when it is allowed
 */
public record Allowance(boolean isGiven, String why) {

    static Allowance of(Person person, String scope) {
        if (person.may(scope)) {
            return new Allowance(true, "");
        }
        return new Allowance(false, "This needs the scope %s; you have %s.".formatted(scope, person.rolesInWords()));
    }

    /** Not given, for another reason. */
    Allowance unless(boolean hindrance, String reason) {
        return isGiven && hindrance ? new Allowance(false, reason) : this;
    }
}
