package io.syncline.provider.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.Types;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoredTypeTest {

    private static Optional<Object> number(int type, int precision, int scale, String text) {
        return new StoredType(type, "any", precision, scale).number(new BigDecimal(text));
    }

    @Test
    void aWholeNumberKeepsItsOwnType() {
        assertThat(number(Types.BIGINT, 64, 0, "7.00")).contains(7L);
        assertThat(number(Types.INTEGER, 32, 0, "-2147483648")).contains(-2_147_483_648);
        assertThat(number(Types.SMALLINT, 16, 0, "32767")).contains((short) 32_767);
    }

    @Test
    void whatATypeCannotHoldIsNotThere() {
        assertThat(number(Types.BIGINT, 64, 0, "1.5")).isEmpty();
        assertThat(number(Types.BIGINT, 64, 0, "9223372036854775808")).isEmpty();
        assertThat(number(Types.INTEGER, 32, 0, "2147483648")).isEmpty();
        assertThat(number(Types.NUMERIC, 5, 2, "1000")).isEmpty();
        assertThat(number(Types.NUMERIC, 5, 2, "1.234")).isEmpty();
    }

    @Test
    void aDecimalNumberFitsWithoutItsLastZeros() {
        assertThat(number(Types.NUMERIC, 5, 2, "999.9900")).isPresent();
        assertThat(number(Types.NUMERIC, 5, 2, "0")).isPresent();
        assertThat(number(Types.NUMERIC, 0, 0, "1e30")).isPresent();
    }
}
