package io.syncline.provider.dataset;

import io.syncline.provider.store.JdbcTimes;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The kinds of columns that can be copied faithfully as text; each has one text for one content. */
public enum ColumnType {
    TEXT,
    /** Padded with blanks by the database, which do not count. */
    FIXED_TEXT,
    NUMBER,
    BOOLEAN,
    DAY,
    LOCAL_TIME,
    INSTANT;

    /** Oracle's driver has numbers of its own for times with a zone. */
    private static final int ORACLE_TIMESTAMP_TZ = -101;

    private static final int ORACLE_TIMESTAMP_LTZ = -102;

    private static final int LONGEST_NUMBER = 1_000;

    /** @param typeName the database's own, because PostgreSQL's driver says TIMESTAMP for times with a zone too */
    static Optional<ColumnType> of(int jdbcType, String typeName) {
        if (jdbcType == Types.TIMESTAMP && typeName.equalsIgnoreCase("timestamptz")) {
            return Optional.of(INSTANT);
        }
        return switch (jdbcType) {
            case Types.VARCHAR, Types.NVARCHAR, Types.LONGVARCHAR, Types.LONGNVARCHAR, Types.CLOB, Types.NCLOB ->
                Optional.of(TEXT);
            case Types.CHAR, Types.NCHAR -> Optional.of(FIXED_TEXT);
            case Types.TINYINT,
                    Types.SMALLINT,
                    Types.INTEGER,
                    Types.BIGINT,
                    Types.NUMERIC,
                    Types.DECIMAL,
                    Types.REAL,
                    Types.FLOAT,
                    Types.DOUBLE -> Optional.of(NUMBER);
            case Types.BOOLEAN, Types.BIT -> Optional.of(BOOLEAN);
            case Types.DATE -> Optional.of(DAY);
            case Types.TIMESTAMP -> Optional.of(LOCAL_TIME);
            case Types.TIMESTAMP_WITH_TIMEZONE, ORACLE_TIMESTAMP_TZ, ORACLE_TIMESTAMP_LTZ -> Optional.of(INSTANT);
            default -> Optional.empty();
        };
    }

    /** The content as text; null for null and for an empty text. */
    public @Nullable String read(ResultSet row, int index) throws SQLException {
        return switch (this) {
            case TEXT -> emptyIsNull(row.getString(index));
            case FIXED_TEXT -> {
                var text = row.getString(index);
                yield text == null ? null : emptyIsNull(text.stripTrailing());
            }
            case NUMBER -> {
                var number = row.getBigDecimal(index);
                yield number == null ? null : plain(number);
            }
            case BOOLEAN -> {
                var truth = row.getBoolean(index);
                yield row.wasNull() ? null : String.valueOf(truth);
            }
            case DAY -> text(row.getObject(index, LocalDate.class));
            case LOCAL_TIME -> text(row.getObject(index, LocalDateTime.class));
            case INSTANT -> {
                var time = row.getObject(index, OffsetDateTime.class);
                yield time == null ? null : time.toInstant().toString();
            }
        };
    }

    /**
     * What the database takes for a text of this column.
     *
     * @throws IllegalArgumentException when the text is none of this type; its message says what is expected
     */
    public Object toJdbc(String text) {
        try {
            return switch (this) {
                case TEXT -> text;
                case FIXED_TEXT -> text.stripTrailing();
                case NUMBER -> number(text);
                case BOOLEAN -> truth(text);
                case DAY -> LocalDate.parse(text);
                case LOCAL_TIME -> LocalDateTime.parse(text);
                case INSTANT -> JdbcTimes.toJdbc(Instant.parse(text));
            };
        } catch (NumberFormatException | DateTimeException wrong) {
            throw new IllegalArgumentException(expected(), wrong);
        }
    }

    /** The text under which this content is read back. */
    public String canonical(String text) {
        var content = toJdbc(text);
        return switch (this) {
            case NUMBER -> plain((BigDecimal) content);
            case INSTANT -> ((OffsetDateTime) content).toInstant().toString();
            case TEXT, FIXED_TEXT, BOOLEAN, DAY, LOCAL_TIME -> content.toString();
        };
    }

    private String expected() {
        return switch (this) {
            case TEXT, FIXED_TEXT -> "a text is expected";
            case NUMBER -> "a number is expected";
            case BOOLEAN -> "true or false is expected";
            case DAY -> "a day such as 2026-11-20 is expected";
            case LOCAL_TIME -> "a time such as 2026-11-20T04:00:00 is expected";
            case INSTANT -> "an instant such as 2026-11-20T04:00:00Z is expected";
        };
    }

    private BigDecimal number(String text) {
        if (text.length() > LONGEST_NUMBER) {
            throw new IllegalArgumentException(expected());
        }
        var number = new BigDecimal(text);
        // 1e999999999 is short here and a billion digits when it is written out.
        if (Math.abs((long) number.scale()) > LONGEST_NUMBER) {
            throw new IllegalArgumentException(expected());
        }
        return number;
    }

    private Boolean truth(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(expected());
        };
    }

    private static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    private static @Nullable String emptyIsNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    private static @Nullable String text(@Nullable Object content) {
        return content == null ? null : content.toString();
    }
}
