package io.syncline.scheduler.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.migrations.oracle.OracleGate;
import io.syncline.scheduler.ops.JdbcRunViews.ListQuery;
import io.syncline.scheduler.ops.JdbcRunViews.Position;
import io.syncline.scheduler.security.Labels;
import io.syncline.scheduler.security.ProblemError;
import io.syncline.scheduler.security.ProblemException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.util.LinkedMultiValueMap;

class RunFilterTest {

    private final LinkedMultiValueMap<String, String> query = new LinkedMultiValueMap<>();

    @Test
    void severalValuesOfOneParameterMeanAnyOfThem() {
        query.put("state", List.of("RUNNING", "QUEUED"));
        query.add("from", "2026-11-20T00:00:00+01:00");

        var filter = RunFilter.of(query);

        assertThat(filter.states()).containsExactly("QUEUED", "RUNNING");
        assertThat(filter.from()).isEqualTo("2026-11-19T23:00:00Z");
    }

    @Test
    void whatHasADashBeforeItIsLeftOut() {
        query.put("state", List.of("-SKIPPED", "FAILED"));
        query.put("group", List.of("-noise", "-"));
        query.add("businessKey", "-7");

        var filter = RunFilter.of(query);

        assertThat(filter.states()).containsExactly("FAILED");
        assertThat(filter.withoutStates()).containsExactly("SKIPPED");
        assertThat(filter.groups()).isEmpty();
        assertThat(filter.withoutGroups()).containsExactly("noise");
        assertThat(filter.businessKeys()).containsExactly("-7");
    }

    @Test
    void aSpanOfTimeIsToldFromTheQuestionAndKeepsTheFilterTheSame() {
        query.add("within", "PT24H");

        var filter = RunFilter.of(query);

        assertThat(filter.at(Instant.parse("2026-11-20T12:00:00Z")).since()).isEqualTo("2026-11-19T12:00:00Z");
        assertThat(filter.since()).isNull();
        for (var wrong : List.of("24h", "PT0S", "-PT1H", "P9999D")) {
            query.set("within", wrong);
            assertThatThrownBy(() -> RunFilter.of(query)).isInstanceOf(ProblemException.class);
        }
    }

    @Test
    void everythingWrongIsSaidAtOnce() {
        query.add("state", "DONE");
        query.add("overdue", "maybe");
        query.add("from", "yesterday");
        query.put("to", List.of("2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z"));
        query.add("colour", "red");

        assertThatThrownBy(() -> RunFilter.of(query)).isInstanceOfSatisfying(ProblemException.class, problem -> {
            assertThat(problem.status()).isEqualTo(400);
            assertThat(problem.errors())
                    .extracting(ProblemError::parameter)
                    .containsExactlyInAnyOrder("state", "overdue", "from", "to", "colour");
        });
    }

    @Test
    void aCursorIsGoodForItsListAlone() {
        var cursor = ListCursor.write("runs a", "x");

        assertThat(ListCursor.read("runs a", cursor)).isEqualTo("x");
        assertThatThrownBy(() -> ListCursor.read("runs b", cursor)).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> ListCursor.read("runs a", "%%%")).isInstanceOf(ProblemException.class);
    }

    @Test
    void everyFormOfTheListsQueriesPassesOraclesGrammar() {
        query.add("group", "a");
        query.add("state", "FAILED");
        query.add("businessKey", "b");
        query.add("from", "2026-11-20T00:00:00Z");
        query.add("to", "2026-11-20T00:00:00Z");
        var none = new LinkedMultiValueMap<String, String>();
        var without = new LinkedMultiValueMap<String, String>();
        without.add("group", "-a");
        without.add("state", "-SKIPPED");
        without.add("within", "PT1H");
        var overdue = new LinkedMultiValueMap<>(query);
        overdue.add("overdue", "true");
        query.add("overdue", "false");
        var after = new Position(Instant.EPOCH, "r");

        for (var parameters : List.of(none, query, overdue, without)) {
            assertThat(OracleGate.faults(
                            new ListQuery(RunFilter.of(parameters).at(Instant.EPOCH), after, 51, Labels.ALL).sql))
                    .isEmpty();
            assertThat(OracleGate.faults(new ListQuery(RunFilter.of(parameters), null, 51, Labels.ALL).sql))
                    .isEmpty();
        }
        assertThat(OracleGate.faults(JdbcAuditEntries.pageQuery(
                        new AuditFilter("run", "k", "me", "cancel", "API", Instant.EPOCH, Instant.EPOCH),
                        "a",
                        51,
                        new HashMap<>())))
                .isEmpty();
        assertThat(OracleGate.faults(JdbcAuditEntries.pageQuery(AuditFilter.NONE, null, 51, new HashMap<>())))
                .isEmpty();
    }
}
