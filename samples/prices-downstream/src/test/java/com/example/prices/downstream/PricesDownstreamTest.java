package com.example.prices.downstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.client.SyncResult;
import io.syncline.client.SyncWork;
import io.syncline.client.WorkTakenOverException;
import io.syncline.client.test.Downstream;
import io.syncline.client.test.DownstreamContract;
import io.syncline.client.test.FakePlatform;
import io.syncline.client.test.SpringDownstream;
import io.syncline.contracts.FileReport;
import io.syncline.contracts.SyncRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What the platform expects of every downstream, and what this one does besides. */
class PricesDownstreamTest extends DownstreamContract {

    /** Outlives the service, which the contract kills and starts again. */
    private static final String DATABASE = "jdbc:h2:mem:prices;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=10000";

    private static final FakeUpstream UPSTREAM = new FakeUpstream();

    private SpringDownstream service;

    @Override
    protected Downstream start(FakePlatform platform) {
        service = SpringDownstream.start(
                PricesDownstream.class,
                platform,
                system(),
                Map.of(
                        "spring.datasource.url",
                        DATABASE,
                        "syncline.client.client-secret",
                        "a-secret-of-the-tests-alone",
                        "prices.upstream.url",
                        UPSTREAM.url()));
        return service;
    }

    @AfterEach
    void anUndamagedFirstList() {
        UPSTREAM.damaged = false;
        UPSTREAM.version = 1;
    }

    @AfterAll
    static void stopUpstream() {
        UPSTREAM.close();
    }

    @Override
    protected String system() {
        return "prices-downstream";
    }

    @Override
    protected String path() {
        return "/sync/prices";
    }

    @Override
    protected int effects(String businessKey) {
        return JdbcClient.create(new DriverManagerDataSource(DATABASE, "sa", ""))
                .sql("select coalesce(sum(loads), 0) from price_load where business_day = ?")
                .param(businessKey)
                .query(Integer.class)
                .single();
    }

    @Test
    void aNewVersionIsLoadedAndAnOlderOneIsNot() {
        UPSTREAM.version = 2;
        var second = (SyncResult.Completed) sync().load(new Work("day-of-versions"));
        UPSTREAM.version = 1;
        var first = (SyncResult.Completed) sync().load(new Work("day-of-versions"));

        assertThat(second.reconciliation().isBalanced(0)).isTrue();
        assertThat(second.reconciliation().actualRows()).isEqualTo(3);
        assertThat(second.files()).extracting(FileReport::status).containsExactly(FileReport.Status.COMPLETED);
        assertThat(first.files()).extracting(FileReport::status).containsExactly(FileReport.Status.SKIPPED);
        assertThat(effects("day-of-versions")).isEqualTo(1);
    }

    @Test
    void aDamagedListIsNeverLoaded() {
        UPSTREAM.damaged = true;

        var result = (SyncResult.Failed) sync().load(new Work("day-of-damage"));

        assertThat(result.retryable()).isTrue();
        assertThat(result.files())
                .extracting(FileReport::error)
                .containsExactly("what came is not what the upstream has");
        assertThat(effects("day-of-damage")).isZero();
    }

    @Test
    void workThatWasCancelledInTheMiddleLeavesNothing() {
        var cancelled = new Work("day-of-cancel") {
            @Override
            public void progress(long done, long total, String unit) {
                throw new WorkTakenOverException(idempotencyKey());
            }
        };

        assertThatThrownBy(() -> sync().load(cancelled)).isInstanceOf(WorkTakenOverException.class);

        assertThat(service.context().getBean(Prices.class).find("day-of-cancel"))
                .isEmpty();
        assertThat(effects("day-of-cancel")).isZero();
    }

    private PricesSync sync() {
        return service.context().getBean(PricesSync.class);
    }

    /** Work as the starter would hand it over. */
    private static class Work implements SyncWork {

        private final String day;

        Work(String day) {
            this.day = day;
        }

        @Override
        public SyncRequest request() {
            var end = Instant.now().plusSeconds(60);
            return new SyncRequest(
                    "run",
                    "task-run",
                    1,
                    1,
                    "prices-daily",
                    "load",
                    day,
                    Map.of(),
                    new SyncRequest.Trigger("/prices", "prices-" + day, "com.example.prices.published", null, Map.of()),
                    new SyncRequest.Callback("http://127.0.0.1:1/", "token", end),
                    end);
        }

        @Override
        public String idempotencyKey() {
            return "task-run.1";
        }

        @Override
        public Map<String, String> pathVariables() {
            return Map.of();
        }

        @Override
        public String traceparent() {
            return null;
        }

        @Override
        public void progress(long done, long total, String unit) {}

        @Override
        public void files(List<FileReport> files) {}
    }
}
