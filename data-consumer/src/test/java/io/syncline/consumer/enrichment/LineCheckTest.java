package io.syncline.consumer.enrichment;

import static io.syncline.consumer.enrichment.CallFiles.GOOD;
import static io.syncline.consumer.enrichment.CallFiles.kept;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.consumer.enrichment.LineCheck.Checked.Bad;
import io.syncline.consumer.enrichment.LineCheck.Checked.Good;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineCheckTest {

    private final LineCheck check =
            new LineCheck(CallFiles.enrichment(false, List.of(kept("owner")), 30_000, 5, 100_000));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "7610039694,07434677419,Incoming,211 | column-count |",
                "076,074,Incoming,211,Wed Sep 15 19:17:44 +0100 2010,x | column-count |",
                "076 100,074,Incoming,211,Wed Sep 15 19:17:44 +0100 2010 | not-digits | owner",
                "+44761,074,Incoming,211,Wed Sep 15 19:17:44 +0100 2010 | not-digits | owner",
                "٠٧٦,074,Incoming,211,Wed Sep 15 19:17:44 +0100 2010 | not-digits | owner",
                "076,,Incoming,211,Wed Sep 15 19:17:44 +0100 2010 | not-digits | other",
                "076,11111111111111111111111111111111111111111111111111111111111111111,Missed,0,Wed Sep 15 19:17:44 +0100 2010 | too-long | other",
                "076,074,incoming,211,Wed Sep 15 19:17:44 +0100 2010 | unknown-code | direction",
                "076,074,Incoming,-1,Wed Sep 15 19:17:44 +0100 2010 | impossible-duration | seconds",
                "076,074,Incoming,1.5,Wed Sep 15 19:17:44 +0100 2010 | impossible-duration | seconds",
                "076,074,Incoming,86401,Wed Sep 15 19:17:44 +0100 2010 | impossible-duration | seconds",
                "076,074,Incoming,99999999999999999999,Wed Sep 15 19:17:44 +0100 2010 | impossible-duration | seconds",
                "076,074,Incoming,211,2010-09-15T19:17:44Z | unreadable-time | called",
                "076,074,Incoming,211,Thu Sep 15 19:17:44 +0100 2010 | unreadable-time | called",
                "076,074,Incoming,211,Wed Feb 31 19:17:44 +0000 2010 | unreadable-time | called",
                "076,074,Incoming,211,Wed Sep 15 19:17:44 2010 | unreadable-time | called",
                "076,074,Outgoing,31,Mon Feb 11 07:18:23 +0000 1980 | clock-not-set | called",
                "\"076,074,Incoming,211,Wed Sep 15 19:17:44 +0100 2010 | bad-quotes |",
                "\"076\"1,074,Incoming,211,Wed Sep 15 19:17:44 +0100 2010 | bad-quotes |",
            })
    void aDirtyLineIsRejectedWithItsReasonAndColumn(String line, String reason, String column) {
        assertThat(check.check(new RawLine(1, line, null))).isInstanceOfSatisfying(Bad.class, bad -> {
            assertThat(bad.reason().code()).isEqualTo(reason);
            assertThat(bad.column()).isEqualTo(column);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                GOOD,
                "0,9,Missed,0,Fri Dec 31 23:59:59 +0000 2010",
                "\"07610039694\",\"073876607981713442396416342469257183\",\"Outgoing\",\"86400\",\"Wed Sep 15 19:17:44 +0100 2010\"",
            })
    void aStrangeButValidLineIsGood(String line) {
        assertThat(check.check(new RawLine(1, line, null))).isInstanceOf(Good.class);
    }

    @Test
    void leadingZerosStayAndOffsetsCount() {
        var winter = (Good) check.check(new RawLine(1, "007,0044,Missed,0,Wed Sep 15 19:17:44 +0000 2010", null));
        var summer = (Good) check.check(new RawLine(1, "007,0044,Missed,0,Wed Sep 15 19:17:44 +0100 2010", null));

        assertThat(winter.fields()).startsWith("007", "0044");
        assertThat(winter.times()).containsExactly(Instant.parse("2010-09-15T19:17:44Z"));
        assertThat(summer.times()).containsExactly(Instant.parse("2010-09-15T18:17:44Z"));
    }

    @Test
    void aQuotedFieldIsReadWithoutItsQuotes() {
        assertThat(LineFields.of("a,\"b,\"\"c\"\"\",,\"\"")).containsExactly("a", "b,\"c\"", "", "");
        assertThat(LineFields.of("")).containsExactly("");
        assertThat(LineFields.of(",")).containsExactly("", "");
    }

    @Test
    void whatCannotWorkIsRefusedAtTheStart() {
        var columns = CallFiles.columns();
        var fields = List.of("gender");
        assertThatThrownBy(() -> CallFiles.enrichment(false, List.of(kept("seconds")), 1, 1, 1))
                .hasMessageContaining("only a column of digits or a word is looked up: seconds");
        assertThatThrownBy(() ->
                        new FileColumn("called", FileColumn.Type.TIME, List.of(), 1, "EEE MMM dd HH:mm:ss yyyy", null))
                .hasMessageContaining("does not tell date, time and offset");
        assertThatThrownBy(() -> new Enrichment(
                        "calls",
                        columns,
                        false,
                        StandardCharsets.UTF_16,
                        "subscribers",
                        "id",
                        fields,
                        List.of(kept("owner")),
                        1,
                        1,
                        1))
                .hasMessageContaining("lines cannot be told apart in UTF-16");
        assertThatThrownBy(() -> CallFiles.enrichment(false, List.of(kept("owner"), kept("owner")), 1, 1, 1))
                .hasMessageContaining("two columns of one name");
    }
}
