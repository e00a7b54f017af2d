package io.syncline.scheduler.outbound;

import io.syncline.scheduler.catalog.ConfigChanged;
import io.syncline.scheduler.catalog.Precondition;
import io.syncline.scheduler.store.DatabaseClock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The approved destinations: those of the settings and those of the operators. The latter are read into memory each
 * second, so that no call waits for the database; a change on this node holds at once.
 */
@Service
public class Destinations {

    private static final Logger LOG = LoggerFactory.getLogger(Destinations.class);

    private static final int UNKNOWN = -1;

    private final JdbcDestinations stored;
    private final DatabaseClock clock;
    private final TransactionOperations transactions;
    private final ApplicationEventPublisher events;
    private final List<Destination> configured;
    private volatile List<Destination> approved;
    private volatile int approvedVersion = UNKNOWN;

    Destinations(
            JdbcDestinations stored,
            DestinationsProperties properties,
            DatabaseClock clock,
            TransactionOperations transactions,
            ApplicationEventPublisher events) {
        this.stored = stored;
        this.clock = clock;
        this.transactions = transactions;
        this.events = events;
        this.configured = properties.allow().stream()
                .map(String::trim)
                .filter(text -> !text.isEmpty())
                .map(Destination::parse)
                .toList();
        this.approved = configured;
    }

    /** All that may be called now, without a look at the database. */
    List<Destination> approved() {
        return approved;
    }

    public List<Destination> configured() {
        return configured;
    }

    public DestinationList list() {
        return new DestinationList(stored.entries(), stored.version());
    }

    /** Replaces the operators' list; an equal one stays what it is. */
    public DestinationList put(List<Destination> destinations, Precondition precondition, String actor) {
        try {
            DestinationList list = transactions.execute(status -> replace(destinations, precondition, actor));
            if (list == null) {
                throw new IllegalStateException("the transaction gave no result");
            }
            return list;
        } catch (DuplicateKeyException e) {
            // someone else has put the first list between our look and our insert
            precondition.check(stored.version());
            throw e;
        } finally {
            if (TransactionSynchronizationManager.isActualTransactionActive()) {
                // It may yet be undone; what is in force is read anew once it stands.
                approvedVersion = UNKNOWN;
            } else {
                refresh();
            }
        }
    }

    /** Says whether the list is in the version that a writer expects, before anything about the body is said. */
    public void check(Precondition precondition) {
        check(precondition, stored.version());
    }

    private static void check(Precondition precondition, int version) {
        boolean first = version == 0 && precondition.ifNoneMatch() != null;
        precondition.check(first ? null : version);
    }

    /** Looks whether another node's operators have changed the list. */
    void refresh() {
        try {
            int version = stored.version();
            if (version != approvedVersion) {
                List<Destination> all = new ArrayList<>(configured);
                all.addAll(stored.entries());
                approved = List.copyOf(all);
                approvedVersion = version;
            }
        } catch (RuntimeException e) {
            // Of any kind: it must be tried again, or a withdrawn approval would stay in force here.
            LOG.warn("The list of destinations cannot be read now; the one in memory stays in force", e);
        }
    }

    private DestinationList replace(List<Destination> destinations, Precondition precondition, String actor) {
        int version = stored.lock().orElse(0);
        check(precondition, version);
        List<Destination> before = stored.entries();
        Set<Destination> wanted = new LinkedHashSet<>(destinations);
        if (version > 0 && wanted.equals(new LinkedHashSet<>(before))) {
            return new DestinationList(before, version);
        }
        Instant now = clock.now();
        DestinationList next = new DestinationList(List.copyOf(wanted), version + 1);
        stored.replace(next, actor, now);
        events.publishEvent(new ConfigChanged(
                actor, "put", "Destinations", "destinations", json(before), json(next.destinations()), null, now));
        return new DestinationList(stored.entries(), next.version());
    }

    /** Normal spellings hold nothing that JSON would have to escape. */
    private static String json(List<Destination> destinations) {
        return destinations.stream()
                .map(destination -> "\"" + destination + "\"")
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
