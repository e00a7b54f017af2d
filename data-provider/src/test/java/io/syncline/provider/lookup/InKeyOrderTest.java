package io.syncline.provider.lookup;

import static io.syncline.provider.testing.Fixtures.aDataset;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.DriverManager;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InKeyOrderTest {

    private static List<Object[]> asked(List<Object[]> keys) throws Exception {
        var asked = new ArrayList<Object[]>();
        try (var connection = DriverManager.getConnection("jdbc:h2:mem:")) {
            new InKeyOrder((unread, dataset, inOrder, found) -> asked.addAll(inOrder))
                    .find(connection, aDataset("id", "name"), keys, row -> {});
        }
        return asked;
    }

    @Test
    void keysAreAskedForPartByPartInTheirOrder() throws Exception {
        var march = LocalDate.of(2026, 3, 1);

        assertThat(asked(List.of(
                        new Object[] {"b", march},
                        new Object[] {"a", march.plusDays(1)},
                        new Object[] {"B", march},
                        new Object[] {"a", march})))
                .containsExactly(
                        new Object[] {"B", march},
                        new Object[] {"a", march},
                        new Object[] {"a", march.plusDays(1)},
                        new Object[] {"b", march});
        assertThat(asked(List.of(new Object[] {10L}, new Object[] {9L}, new Object[] {-1L})))
                .containsExactly(new Object[] {-1L}, new Object[] {9L}, new Object[] {10L});
    }
}
