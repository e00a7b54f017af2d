package io.syncline.scheduler.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreH2IT extends StoreContract {

    @TempDir
    Path folder;

    private ConnectionPools pools;

    @BeforeEach
    void openPools() {
        System.setProperty("h2.bindAddress", "127.0.0.1");
        pools = open("jdbc:h2:file:" + folder + "/scheduler;MODE=Oracle;AUTO_SERVER=TRUE", "sa", "", true, false);
    }

    @AfterEach
    void closePools() {
        pools.close();
    }

    @Override
    ConnectionPools pools() {
        return pools;
    }

    @Test
    void anUnknownDatabaseIsRefusedByName() {
        assertThatThrownBy(() -> open("jdbc:mysql://localhost/x", "sa", "", true, false))
                .hasMessageContaining("mysql");
    }

    @Test
    void aSchemaThatNobodyMayMigrateIsRefused() {
        assertThatThrownBy(() -> open("jdbc:h2:mem:never-migrated;MODE=Oracle", "sa", "", false, false))
                .hasMessageContaining("version none");
    }

    @Test
    void theSocketTimeoutMustOutlastTheLongestStatement() {
        assertThatThrownBy(() -> new DatabaseProperties(
                        null,
                        false,
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        new DatabaseProperties.Pools(1, 1, 1, 1)))
                .hasMessageContaining("socket-timeout");
    }

    @Test
    void aThreadKeepsItsChoiceOfPoolOnlyForTheWork() {
        assertThat(ConnectionPool.current()).isEqualTo(ConnectionPool.API);

        ConnectionPool.BULK.run(() -> {
            assertThat(ConnectionPool.current()).isEqualTo(ConnectionPool.BULK);
            ConnectionPool.DISPATCH.run(
                    () -> assertThat(ConnectionPool.current()).isEqualTo(ConnectionPool.DISPATCH));
            assertThat(ConnectionPool.current()).isEqualTo(ConnectionPool.BULK);
        });

        assertThat(ConnectionPool.current()).isEqualTo(ConnectionPool.API);
    }
}
