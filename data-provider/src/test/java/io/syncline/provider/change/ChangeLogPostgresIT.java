package io.syncline.provider.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.provider.change.LogInstance.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ChangeLogPostgresIT extends ChangeLogContract {

    private EmbeddedPostgres postgres;

    @Override
    Database database() throws IOException {
        postgres = EmbeddedPostgres.builder()
                .setServerConfig("max_connections", "150")
                .start();
        return new Database(postgres.getJdbcUrl("postgres", "postgres"), "postgres", "postgres");
    }

    @Test
    void anInstanceThatFellSilentWithAFeedInItsHandsLosesIt() throws Exception {
        long before = instance.log().feed("orders").last();
        var feeds = instance.bean(JdbcChangeFeeds.class);
        var frozen = new CountDownLatch(1);
        var thawed = new CountDownLatch(1);
        var sequencer = instance.bean(Sequencer.class);
        // Otherwise it may be the one that holds the feed at this moment.
        sequencer.stop();
        var silent = CompletableFuture.runAsync(() -> instance.transaction().executeWithoutResult(status -> {
            assertThat(feeds.take("orders", Duration.ofMillis(300))).isPresent();
            frozen.countDown();
            try {
                assertThat(thawed.await(60, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
        }));
        assertThat(frozen.await(20, TimeUnit.SECONDS)).isTrue();
        sequencer.start();

        write("orders", "behind-the-silent-one", 1);
        awaitLast("orders", before + 1);

        thawed.countDown();
        assertThatThrownBy(() -> silent.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(RuntimeException.class);
    }

    @AfterAll
    void stopPostgres() throws IOException {
        if (postgres != null) {
            postgres.close();
        }
    }
}
