package io.syncline.portal.groups;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronWordsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 30 2 * * ?        | at 02:30 every day",
                "0 0 6,18 * * ?      | at 06:00 and 18:00 every day",
                "0 15 8 ? * MON-FRI  | at 08:15 from Monday to Friday",
                "0 15 8 ? * 2,6      | at 08:15 on Monday and Friday",
                "0 0 3 1 * ?         | at 03:00 on day 1 of every month",
                "0 0 3 L * ?         | at 03:00 on the last day of every month",
                "0 0/15 * * * ?      | every 15 minutes",
                "0 */1 * * * ?       | every minute",
                "0 5 * * * ?         | every hour at minute 5",
                "0 0 */2 * * ? *     | every 2 hours at minute 0",
                "0 0 12 * * MON#2    | by the cron expression 0 0 12 * * MON#2",
                "10 0 12 * * ?       | by the cron expression 10 0 12 * * ?",
                "0 0 12 * 6 ?        | by the cron expression 0 0 12 * 6 ?",
                "0 0 12 * * ? 2027   | by the cron expression 0 0 12 * * ? 2027",
                "x                   | by the cron expression x"
            })
    void expressionsAreToldInWordsOnlyWhereTheWordsAreRight(String cron, String words) {
        assertThat(CronWords.of(cron)).isEqualTo(words);
    }

    @Test
    void durationsAreShortAndWhatIsNoneStays() {
        assertThat(Words.duration("PT26H")).isEqualTo("26 h");
        assertThat(Words.duration("P2D")).isEqualTo("2 d");
        assertThat(Words.duration("PT1M30S")).isEqualTo("1 min 30 s");
        assertThat(Words.duration("PT0.5S")).isEqualTo("500 ms");
        assertThat(Words.duration("PT0S")).isEqualTo("0 s");
        assertThat(Words.duration("soon")).isEqualTo("soon");
    }
}
