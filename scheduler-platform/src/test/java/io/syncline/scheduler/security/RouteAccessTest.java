package io.syncline.scheduler.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RouteAccessTest {

    private static final Labels BILLING = Labels.of(Set.of("billing"));

    @Test
    void whatTakesAdminAloneIsForPeopleWhoReachAllLabels() {
        var clients = new Route.AnyOf(Set.of(Scope.ADMIN));

        assertThat(clients.letsIn(person(BILLING, Scope.ADMIN))).isFalse();
        assertThat(clients.letsIn(person(Labels.ALL, Scope.ADMIN))).isTrue();
        assertThat(clients.letsIn(Caller.machine("m", null, Set.of(Scope.ADMIN))))
                .isTrue();
        assertThat(person(BILLING, Scope.ADMIN).administers()).isFalse();
    }

    @Test
    void peopleMayNeedAnotherScopeThanMachines() {
        var destinations = new Route.AnyOf(Set.of(Scope.CONFIG_WRITE), Set.of(Scope.ADMIN), false);

        assertThat(destinations.letsIn(Caller.machine("m", null, Set.of(Scope.CONFIG_WRITE))))
                .isTrue();
        assertThat(destinations.letsIn(person(Labels.ALL, Scope.CONFIG_WRITE))).isFalse();
        assertThat(destinations.letsIn(person(BILLING, Scope.ADMIN, Scope.CONFIG_WRITE)))
                .isFalse();
    }

    @Test
    void whatCannotBeCutIsRefusedToPeopleWithLimitedLabels() {
        var audit = new Route.AnyOf(Set.of(Scope.AUDIT_READ), Set.of(Scope.AUDIT_READ), true);

        assertThat(audit.letsIn(person(BILLING, Scope.AUDIT_READ))).isFalse();
        assertThat(audit.letsIn(person(Labels.ALL, Scope.AUDIT_READ))).isTrue();
    }

    private static Caller person(Labels labels, Scope... scopes) {
        return new Caller("bea", null, Set.of(scopes), null, new Person("bea", Set.of(), labels, Instant.EPOCH));
    }
}
