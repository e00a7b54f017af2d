package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.api.PlatformApi;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** That what two nodes audit at once becomes one chain; what is found in a tampered one is tested where it can be tampered. */
@ExtendWith(Cluster.Shared.class)
class AuditChainIT {

    private final Cluster cluster;

    AuditChainIT(Cluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void whatBothNodesAuditIsSealedInOneChainThatVerifies() {
        for (int i = 0; i < 10; i++) {
            putCalendar(cluster.platform(), "sealed-by-first-" + i);
            putCalendar(cluster.secondNode(), "sealed-by-second-" + i);
        }

        await().atMost(Duration.ofSeconds(25)).until(() -> unsealed() == 0);
        var head = cluster.platform().get("/api/v1/audit/head").expect(200).json();
        var verdict = verify("");
        assertThat(verdict.path("verified").asBoolean()).as(verdict.toString()).isTrue();
        assertThat(verdict.path("complete").asBoolean()).isTrue();
        assertThat(head.path("place").asLong()).isGreaterThanOrEqualTo(20);
        // A head that was kept elsewhere is still part of it, another one never was.
        assertThat(verify("?place=" + head.path("place").asLong() + "&hash="
                                + head.path("hash").asString())
                        .path("verified")
                        .asBoolean())
                .isTrue();
        assertThat(verify("?place=1&hash=" + head.path("hash").asString())
                        .at("/broken/fault")
                        .asString())
                .isEqualTo("REPLACED");
    }

    @Test
    void entriesAreFoundByRoadActionObjectAndTime() {
        putCalendar(cluster.platform(), "found-in-the-audit");

        var found = cluster.secondNode()
                .get("/api/v1/audit?object=calendar:found-in-the-audit&action=put&how=API&from=2020-01-01T00:00:00Z")
                .expect(200)
                .json()
                .path("items");

        assertThat(found).hasSize(1);
        assertThat(found.get(0).path("details").asString()).contains("found-in-the-audit");
        assertThat(cluster.platform()
                        .get("/api/v1/audit?form=2020-01-01T00:00:00Z")
                        .status())
                .isEqualTo(400);
    }

    private JsonNode verify(String query) {
        return cluster.platform()
                .get("/api/v1/audit/verify" + query)
                .expect(200)
                .json();
    }

    private static void putCalendar(PlatformApi platform, String key) {
        platform.put("/api/v1/calendars/" + key, Map.of("apiVersion", "syncline/v1", "kind", "Calendar", "key", key));
    }

    private long unsealed() {
        try (var connection = cluster.database();
                var rows = connection.createStatement().executeQuery("select count(*) from audit_unsealed")) {
            rows.next();
            return rows.getLong(1);
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
