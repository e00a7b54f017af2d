package io.syncline.provider.dataset;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Types;
import java.util.Optional;

/**
 * The type of a column as the database's metadata tells it.
 *
 * @param jdbcType of {@link Types}
 * @param name the database's own
 * @param precision digits of a number; 0: no bound
 * @param scale digits behind the point
 */
public record StoredType(int jdbcType, String name, int precision, int scale) {

    /** A number as this type holds it; empty when it cannot. */
    Optional<Object> number(BigDecimal number) {
        return switch (jdbcType) {
            case Types.TINYINT, Types.SMALLINT -> whole(number, 15).map(BigInteger::shortValue);
            case Types.INTEGER -> whole(number, 31).map(BigInteger::intValue);
            case Types.BIGINT -> whole(number, 63).map(BigInteger::longValue);
            case Types.REAL, Types.FLOAT, Types.DOUBLE -> Optional.of(number.doubleValue());
            default ->
                precision > 0 && scale >= 0 && !fits(number.stripTrailingZeros())
                        ? Optional.empty()
                        : Optional.of(number);
        };
    }

    private boolean fits(BigDecimal number) {
        return number.signum() == 0
                || number.scale() <= scale && number.precision() - number.scale() <= precision - scale;
    }

    private static Optional<BigInteger> whole(BigDecimal number, int bits) {
        try {
            var whole = number.toBigIntegerExact();
            return whole.bitLength() <= bits ? Optional.of(whole) : Optional.empty();
        } catch (ArithmeticException fraction) {
            return Optional.empty();
        }
    }
}
