package io.syncline.scheduler.alert;

import io.syncline.scheduler.catalog.AlertCondition;
import io.syncline.scheduler.catalog.AlertSignal;
import io.syncline.scheduler.catalog.CredentialExpiries;
import io.syncline.scheduler.run.Backlogs;
import io.syncline.scheduler.security.ClientExpiries;
import io.syncline.scheduler.security.KeyExpiries;
import io.syncline.scheduler.store.Node;
import io.syncline.scheduler.store.Nodes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Looks at the platform itself every few seconds: lost nodes, work that waits, dead letters, credentials that end. */
class PlatformConditions {

    private static final Duration EVERY = Duration.ofSeconds(3);
    private static final Duration DEAD_LETTERS_OF = Duration.ofDays(7);

    private final JdbcSignals signals;
    private final JdbcIncidents incidents;
    private final JdbcDeadLetters deadLetters;
    private final Nodes nodes;
    private final Backlogs backlogs;
    private final CredentialExpiries credentials;
    private final ClientExpiries clients;
    private final KeyExpiries keys;
    private final AlertProperties properties;

    PlatformConditions(
            JdbcSignals signals,
            JdbcIncidents incidents,
            JdbcDeadLetters deadLetters,
            Nodes nodes,
            Backlogs backlogs,
            CredentialExpiries credentials,
            ClientExpiries clients,
            KeyExpiries keys,
            AlertProperties properties) {
        this.signals = signals;
        this.incidents = incidents;
        this.deadLetters = deadLetters;
        this.nodes = nodes;
        this.backlogs = backlogs;
        this.credentials = credentials;
        this.clients = clients;
        this.keys = keys;
        this.properties = properties;
    }

    boolean mustLook(Optional<Instant> lookedAt, Instant now) {
        return lookedAt.map(at -> !at.plus(EVERY).isAfter(now)).orElse(true);
    }

    /** Raises what is found and cures what is not any more. */
    void look(Instant now) {
        var found = new ArrayList<AlertSignal>();
        nodes.all().stream()
                .filter(PlatformConditions::lost)
                .forEach(node -> found.add(signal(
                        AlertCondition.NODE_LOST,
                        AlertSignal.node(node.nodeId()),
                        null,
                        "no heartbeat",
                        "The node " + node.nodeId() + " was last heard of at " + node.checkedInAt()
                                + " and has not signed off.",
                        node.checkedInAt())));
        backlogs.dueBefore(now.minus(properties.queueBacklogAfter()))
                .forEach(backlog -> found.add(signal(
                        AlertCondition.QUEUE_BACKLOG,
                        AlertSignal.system(backlog.system()),
                        backlog.system(),
                        "calls to " + backlog.system(),
                        "The oldest due work of " + backlog.system() + " waits since " + backlog.oldest() + ".",
                        backlog.oldest())));
        deadLetters
                .since(now.minus(DEAD_LETTERS_OF))
                .forEach(dead -> found.add(signal(
                        AlertCondition.DEAD_LETTER,
                        "outbox:" + dead.queue(),
                        null,
                        dead.queue(),
                        dead.count() + " messages of " + dead.queue() + " were given up, the last one at " + dead.last()
                                + ".",
                        dead.last())));
        var before = now.plus(properties.credentialExpiresWithin());
        credentials
                .endingBefore(before)
                .forEach(expiry -> found.add(signal(
                        AlertCondition.CREDENTIAL_EXPIRING,
                        "credential:" + expiry.system() + "/" + expiry.credential(),
                        expiry.system(),
                        "credentials of " + expiry.system(),
                        "The credential " + expiry.credential() + " of the system " + expiry.system() + " ends at "
                                + expiry.at() + ".",
                        now)));
        clients.endingBetween(now, before)
                .forEach(expiry -> found.add(signal(
                        AlertCondition.CREDENTIAL_EXPIRING,
                        "client:" + expiry.client(),
                        null,
                        "clients of the platform",
                        "The client " + expiry.client() + " ends at " + expiry.at() + ".",
                        now)));
        keys.notReplaced(now)
                .forEach(expiry -> found.add(signal(
                        AlertCondition.CREDENTIAL_EXPIRING,
                        "key:" + expiry.purpose(),
                        null,
                        "keys of the platform",
                        expiry.hasNext()
                                ? "The platform's " + expiry.purpose() + " key " + expiry.kid()
                                        + " still signs; it was to be replaced at " + expiry.due() + "."
                                : "The platform's " + expiry.purpose() + " key " + expiry.kid()
                                        + " has no next key that could replace it at " + expiry.due() + ".",
                        now)));
        tell(found);
    }

    private static boolean lost(Node node) {
        return !node.live() && node.stoppedAt() == null;
    }

    private void tell(List<AlertSignal> found) {
        var standing = incidents.standingOf(Incidents.OWN);
        var known = standing.stream().map(Member::about).collect(Collectors.toSet());
        var seen = new HashSet<Signal.About>();
        found.forEach(signal -> seen.add(new Signal.About(signal.condition(), signal.subject())));
        signals.raise(found.stream()
                .filter(signal -> !known.contains(new Signal.About(signal.condition(), signal.subject())))
                .toList());
        for (var condition : Incidents.OWN) {
            var passed = standing.stream()
                    .filter(member -> member.condition() == condition && !seen.contains(member.about()))
                    .map(Member::subject)
                    .toList();
            if (!passed.isEmpty()) {
                signals.cure(condition, passed);
            }
        }
    }

    private static AlertSignal signal(
            AlertCondition condition,
            String subject,
            @Nullable String system,
            String cause,
            String detail,
            Instant since) {
        return new AlertSignal(condition, subject, null, system, null, null, cause, detail, since);
    }
}
