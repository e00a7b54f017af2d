package io.syncline.systemtests.prove;

import io.syncline.systemtests.prove.DataServices.Member;
import io.syncline.systemtests.prove.Link.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/** The kinds of faults of provider, consumers and whoever is told of changes. */
final class DataFaults {

    private static final List<String> PREFIXES = List.of("provider-", "consumer-", "data-", "subscriber-");
    private static final String STOPS = "data";
    private static final int LONGEST_STOP = 450;

    private final DataServices services;
    private final Subscriber subscriber;
    private final Link subscriberLink;
    /** One of them at a time is lost: what one consumer held is the other's to go on with. */
    private final Semaphore members = new Semaphore(1);

    /** A link is spoilt in one way at a time. */
    private final Semaphore providerLinks = new Semaphore(1);

    private final Semaphore consumerLinks = new Semaphore(1);
    private final Semaphore databaseLinks = new Semaphore(1);
    private final Semaphore told = new Semaphore(1);

    DataFaults(DataServices services, Subscriber subscriber, Link subscriberLink) {
        this.services = services;
        this.subscriber = subscriber;
        this.subscriberLink = subscriberLink;
    }

    /** Whether a kind of fault needs provider and consumers. */
    static boolean isOne(String name) {
        return PREFIXES.stream().anyMatch(name::startsWith);
    }

    List<Fault> all() {
        var all = new ArrayList<Fault>();
        processes(all, "provider", List.of(services.provider()));
        processes(all, "consumer", services.consumers());
        links(all);
        subscribers(all);
        return all;
    }

    private void processes(List<Fault> all, String name, List<Member> which) {
        all.add(new Fault(name + "-kill", STOPS, Fault.alone(members, strike -> {
            var member = begin(strike, which);
            member.process().kill();
            strike.hit(!member.process().isAlive(), "ended by SIGKILL");
            strike.hold(strike.between(1000, 8000));
            services.startAgain(member);
        })));
        all.add(new Fault(name + "-freeze", STOPS, Fault.alone(members, strike -> {
            var member = begin(strike, which);
            var millis = strike.between(6000, 18_000);
            member.process().freeze();
            try {
                strike.hold(millis);
            } finally {
                member.process().thaw();
            }
            strike.hit(member.process().isAlive(), "stopped for " + millis + " ms");
        })));
        all.add(new Fault(name + "-stop", STOPS, Fault.alone(members, strike -> {
            var member = begin(strike, which);
            member.process().terminate();
            for (int i = 0; i < LONGEST_STOP && member.process().isAlive(); i++) {
                strike.hold(100);
            }
            strike.hit(!member.process().isAlive(), "ended by SIGTERM");
            services.startAgain(member);
        })));
        if (which.stream().allMatch(member -> member.disk().canBeUsedUp())) {
            all.add(new Fault(name + "-disk-full", STOPS, Fault.alone(members, strike -> {
                strike.begin(name);
                which.forEach(member -> member.disk().useUp(true));
                try {
                    strike.hold(strike.between(8000, 14_000));
                } finally {
                    which.forEach(member -> member.disk().free());
                }
                var refused = which.stream()
                        .mapToLong(member -> member.disk().refused())
                        .sum();
                strike.hit(
                        refused > 0
                                && which.stream()
                                        .allMatch(member -> member.process().isAlive()),
                        "growth refused " + refused + " times");
            })));
        }
    }

    private static Member begin(Strike strike, List<Member> which) {
        var member = strike.oneOf(which);
        strike.begin(member.name());
        return member;
    }

    private void links(List<Fault> all) {
        var provider = List.of(services.provider().entrance());
        for (Mode mode : List.of(Mode.RESET, Mode.BLACK_HOLE, Mode.DELAY, Mode.THROTTLE, Mode.HALF_CLOSE, Mode.CUT)) {
            all.add(link("provider-link", mode, providerLinks, provider, 3000, 9000));
        }
        var consumers = services.consumers().stream().map(Member::entrance).toList();
        for (Mode mode : List.of(Mode.RESET, Mode.BLACK_HOLE, Mode.CUT)) {
            all.add(link("consumer-link", mode, consumerLinks, consumers, 3000, 9000));
        }
        var databases = services.all().stream().map(Member::database).toList();
        for (Mode mode : List.of(Mode.RESET, Mode.BLACK_HOLE, Mode.HALF_CLOSE)) {
            all.add(link("data-database-link", mode, databaseLinks, databases, 2000, 10_000));
        }
        all.add(new Fault(
                "data-commit-unknown",
                STOPS,
                Fault.alone(
                        databaseLinks,
                        strike -> LinkFaults.spoil(
                                strike, databases, Mode.CUT_AFTER_COMMIT, strike.between(2000, 4000)))));
        all.add(new Fault(
                "data-commit-lost",
                STOPS,
                Fault.alone(
                        databaseLinks,
                        strike -> LinkFaults.spoil(
                                strike, databases, Mode.CUT_BEFORE_COMMIT, strike.between(2000, 4000)))));
    }

    private static Fault link(String what, Mode mode, Semaphore one, List<Link> links, int least, int most) {
        return new Fault(
                Fault.name(what, mode),
                STOPS,
                Fault.alone(
                        one,
                        strike -> LinkFaults.spoil(
                                strike, LinkFaults.oneOrAll(strike, links), mode, strike.between(least, most))));
    }

    private void subscribers(List<Fault> all) {
        all.add(new Fault("subscriber-away", "", Fault.alone(told, strike -> {
            strike.begin("subscriber");
            subscriber.webhook().away(true);
            try {
                strike.hold(strike.between(4000, 10_000));
            } finally {
                strike.hit(
                        subscriber.webhook().refused() > 0, subscriber.webhook().refused() + " changes refused");
                subscriber.webhook().away(false);
            }
        })));
        for (Mode mode : List.of(Mode.RESET, Mode.BLACK_HOLE)) {
            all.add(new Fault(
                    Fault.name("subscriber-link", mode),
                    "",
                    Fault.alone(
                            told,
                            strike -> LinkFaults.spoil(
                                    strike, List.of(subscriberLink), mode, strike.between(4000, 9000)))));
        }
    }
}
