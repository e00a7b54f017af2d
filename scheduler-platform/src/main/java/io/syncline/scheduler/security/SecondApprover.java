package io.syncline.scheduler.security;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares that calls of this route wait for a second person where {@code syncline.approval.required-for} names the kind: they
 * are kept, and carried out once somebody else has approved them.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface SecondApprover {

    Kind value();

    /** What is changed. */
    enum Kind {
        DESTINATIONS,
        SYSTEMS,
        GROUPS,
        CLIENTS,
        USERS,
        ISSUERS,
        KEYS,
        /** Many documents at once; kept as well when one of the kinds above is among what they change. */
        PLANS;

        /**
         * Whether a call may be tried and undone before it is kept. Of the others parts take effect in memory, or secrets are
         * made, so they are judged when they are carried out.
         */
        public boolean canBeTried() {
            return switch (this) {
                case DESTINATIONS, SYSTEMS, GROUPS, PLANS -> true;
                case CLIENTS, USERS, ISSUERS, KEYS -> false;
            };
        }
    }
}
