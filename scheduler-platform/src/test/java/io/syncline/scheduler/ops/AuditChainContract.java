package io.syncline.scheduler.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.scheduler.testing.TestDatabase;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That whatever becomes of an audit entry is found, on every database. */
abstract class AuditChainContract {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00.123456Z");

    private TestDatabase database;
    private JdbcAuditEntries entries;
    private JdbcAuditChain chain;
    private AuditSeal seal;
    private AuditVerifier verifier;

    abstract TestDatabase emptyDatabase();

    @BeforeEach
    void open() {
        database = emptyDatabase();
        entries = new JdbcAuditEntries(database.jdbc());
        chain = new JdbcAuditChain(database.jdbc());
        seal = new AuditSeal(chain, () -> NOON, database.transactions(), new SimpleMeterRegistry());
        verifier = new AuditVerifier(chain);
    }

    @Test
    void anEmptyTrailIsVerified() {
        assertThat(seal.seal()).isZero();

        assertThat(verifier.verify(0, null).verified()).isTrue();
        assertThat(chain.head().hash()).isEqualTo(AuditChain.BEGINNING);
    }

    @Test
    void entriesAreSealedOnceAndInBatches() {
        write(1_203);

        assertThat(seal.seal()).isEqualTo(500);
        assertThat(seal.seal()).isEqualTo(500);
        assertThat(seal.seal()).isEqualTo(203);
        assertThat(seal.seal()).isZero();

        var verdict = verifier.verify(0, null);
        assertThat(verdict.verified()).isTrue();
        assertThat(verdict.complete()).isTrue();
        assertThat(verdict.head().place()).isEqualTo(1_203);
        assertThat(verifier.verify(700, null).from()).isEqualTo(701);
    }

    @Test
    void anEntryThatIsCommittedLateGetsALaterPlace() throws Exception {
        var written = new CountDownLatch(1);
        var sealed = new CountDownLatch(1);
        var executor = Executors.newSingleThreadExecutor();
        var late = executor.submit(() -> database.transaction().executeWithoutResult(status -> {
            write("a1");
            written.countDown();
            await(sealed);
        }));
        await(written);
        write("a2");
        seal.seal();
        sealed.countDown();
        late.get(20, TimeUnit.SECONDS);
        executor.shutdown();

        seal.seal();

        assertThat(chain.link(1).orElseThrow().auditId()).isEqualTo("a2");
        assertThat(chain.link(2).orElseThrow().auditId()).isEqualTo("a1");
        assertThat(verifier.verify(0, null).verified()).isTrue();
    }

    @Test
    void aChangedEntryIsNamed() {
        sealed(5);
        change("update audit_entry set actor = 'nobody' where audit_id = 'a00003'");

        assertThat(verifier.verify(0, null).broken())
                .isEqualTo(new AuditVerifier.Broken(3L, "a00003", AuditVerifier.Fault.CHANGED));
    }

    @Test
    void whatIsMovedBetweenMembersIsAChange() {
        sealed(2);
        change("update audit_entry set action = 'cancelru', object_kind = 'n' where audit_id = 'a00002'");

        assertThat(verifier.verify(0, null).broken())
                .isEqualTo(new AuditVerifier.Broken(2L, "a00002", AuditVerifier.Fault.CHANGED));
    }

    @Test
    void aMissingEntryIsNamed() {
        sealed(5);
        change("delete from audit_entry where audit_id = 'a00002'");

        assertThat(verifier.verify(0, null).broken())
                .isEqualTo(new AuditVerifier.Broken(2L, "a00002", AuditVerifier.Fault.MISSING));
    }

    @Test
    void anEntryThatIsMissingBeforeItIsSealedIsNamed() {
        write(3);
        change("delete from audit_entry where audit_id = 'a00002'");
        seal.seal();

        assertThat(verifier.verify(0, null).broken())
                .isEqualTo(new AuditVerifier.Broken(2L, "a00002", AuditVerifier.Fault.MISSING));
    }

    @Test
    void anInsertedEntryIsNamed() {
        sealed(3);
        change("""
                insert into audit_entry (audit_id, recorded_at, actor, action, object_kind, object_key)
                select 'a000025', recorded_at, actor, action, object_kind, object_key from audit_entry
                where audit_id = 'a00002'
                """);

        assertThat(verifier.verify(0, null).broken())
                .isEqualTo(new AuditVerifier.Broken(null, "a000025", AuditVerifier.Fault.INSERTED));
    }

    @Test
    void aPlaceThatIsTakenOutWithItsEntryIsMissed() {
        sealed(5);
        change("delete from audit_entry where audit_id = 'a00004'");
        change("delete from audit_chain where place = 4");

        assertThat(verifier.verify(0, null).broken())
                .isEqualTo(new AuditVerifier.Broken(4L, null, AuditVerifier.Fault.MISSING));
    }

    @Test
    void aChainThatIsMadeAnewIsFoundByAHeadThatWasKeptElsewhere() {
        sealed(5);
        var kept = chain.link(5).orElseThrow();
        change("delete from audit_entry where audit_id = 'a00005'");
        change("delete from audit_chain");
        change("update audit_chain_head set place = 0, chain_hash = '" + AuditChain.BEGINNING + "'");
        change("insert into audit_unsealed (audit_id) select audit_id from audit_entry");
        seal.seal();

        assertThat(verifier.verify(0, null).verified()).isTrue();
        assertThat(verifier.verify(0, kept).broken())
                .isEqualTo(new AuditVerifier.Broken(5L, null, AuditVerifier.Fault.MISSING));
        write("another");
        seal.seal();
        assertThat(verifier.verify(0, kept).broken())
                .isEqualTo(new AuditVerifier.Broken(5L, "another", AuditVerifier.Fault.REPLACED));
    }

    @Test
    void aHeadThatWasKeptElsewhereIsComparedWhereverVerifyingBegins() {
        sealed(5);
        var kept = chain.link(3).orElseThrow();
        var another = new AuditChain.Link(kept.place(), kept.auditId(), AuditChain.BEGINNING);

        for (long after : new long[] {2, 3, 4, 5}) {
            assertThat(verifier.verify(after, kept).verified()).isTrue();
            assertThat(verifier.verify(after, another).broken())
                    .isEqualTo(new AuditVerifier.Broken(3L, "a00003", AuditVerifier.Fault.REPLACED));
        }
        change("delete from audit_chain where place = 3");
        assertThat(verifier.verify(4, kept).broken())
                .isEqualTo(new AuditVerifier.Broken(3L, null, AuditVerifier.Fault.MISSING));
    }

    @Test
    void twoSealersMakeOneChain() throws Exception {
        write(1_000);
        var executor = Executors.newFixedThreadPool(2);
        var first = executor.submit(() -> seal.seal());
        var second = executor.submit(() -> seal.seal());

        assertThat(first.get(20, TimeUnit.SECONDS) + second.get(20, TimeUnit.SECONDS))
                .isEqualTo(1_000);
        executor.shutdown();
        assertThat(verifier.verify(0, null).verified()).isTrue();
    }

    private void sealed(int count) {
        write(count);
        seal.seal();
    }

    private void write(int count) {
        for (int number = 1; number <= count; number++) {
            write("a%05d".formatted(number));
        }
    }

    private void write(String id) {
        entries.insert(new AuditEntry(
                id, NOON, "anna", "PORTAL", "cancel", "run", "r1", "because", "{\"before\":null}", null));
    }

    private void change(String statement) {
        database.jdbc().sql(statement).update();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
