package io.syncline.scheduler.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Goes through the chain of audit entries and names the first that is not as it was sealed. */
@Service
class AuditVerifier {

    /** Places that one call goes through at most. */
    static final int MOST = 100_000;

    private static final int PAGE = 1_000;

    private final JdbcAuditChain chain;

    AuditVerifier(JdbcAuditChain chain) {
        this.chain = chain;
    }

    /** What is wrong with an entry. */
    enum Fault {
        /** The entry, or its place, has another content than the one sealed. */
        CHANGED,
        /** The entry, or its place, is not there any more. */
        MISSING,
        /** The entry was not written by the platform. */
        INSERTED,
        /** The chain is another one than the one whose head was given. */
        REPLACED
    }

    /**
     * The first fault.
     *
     * @param place null: it has none
     * @param auditId null: nothing is left that would tell it
     */
    record Broken(@Nullable Long place, @Nullable String auditId, Fault fault) {}

    /**
     * What was found.
     *
     * @param verified whether all that was gone through is as it was sealed
     * @param from the first place that was gone through
     * @param to the last one
     * @param complete false: ask again {@code after} {@code to} for the rest
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    record Verdict(
            boolean verified,
            long from,
            long to,
            boolean complete,
            AuditChain.Head head,
            @Nullable Broken broken) {}

    /**
     * @param after places up to here are taken for verified
     * @param known a head that was kept elsewhere; null: none
     */
    Verdict verify(long after, AuditChain.@Nullable Link known) {
        var head = chain.head();
        long last = Math.min(head.place(), after + MOST);
        var broken = broken(after, last, head, known);
        boolean complete = last >= head.place();
        if (broken == null && complete) {
            broken = chain.inserted()
                    .map(id -> new Broken(null, id, Fault.INSERTED))
                    .orElse(null);
        }
        return new Verdict(broken == null, after + 1, last, complete, head, broken);
    }

    private @Nullable Broken broken(long after, long last, AuditChain.Head head, AuditChain.@Nullable Link known) {
        if (known != null && known.place() > head.place()) {
            return new Broken(head.place() + 1, null, Fault.MISSING);
        }
        if (known != null && known.place() > 0 && known.place() <= after) {
            var kept = chain.link(known.place()).orElse(null);
            if (kept == null) {
                return new Broken(known.place(), null, Fault.MISSING);
            }
            if (!kept.hash().equals(known.hash())) {
                return new Broken(kept.place(), kept.auditId(), Fault.REPLACED);
            }
        }
        var before = AuditChain.BEGINNING;
        if (after > 0) {
            var link = chain.link(after).orElse(null);
            if (link == null) {
                return new Broken(after, null, Fault.MISSING);
            }
            before = link.hash();
        }
        for (long place = after; place < last; ) {
            var page = chain.links(place, last, PAGE);
            for (var linked : page) {
                var link = linked.link();
                if (link.place() != place + 1) {
                    return new Broken(place + 1, null, Fault.MISSING);
                }
                if (linked.entry() == null) {
                    return new Broken(link.place(), link.auditId(), Fault.MISSING);
                }
                if (!link.hash().equals(AuditChain.hash(before, link.auditId(), linked.entry()))) {
                    return new Broken(link.place(), link.auditId(), Fault.CHANGED);
                }
                if (known != null
                        && known.place() == link.place()
                        && !known.hash().equals(link.hash())) {
                    return new Broken(link.place(), link.auditId(), Fault.REPLACED);
                }
                before = link.hash();
                place = link.place();
            }
            if (page.isEmpty()) {
                return new Broken(place + 1, null, Fault.MISSING);
            }
        }
        return last == head.place() && !before.equals(head.hash())
                ? new Broken(head.place(), null, Fault.REPLACED)
                : null;
    }
}
