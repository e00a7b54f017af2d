package io.syncline.provider.dataset;

import java.math.BigDecimal;
import java.time.temporal.ChronoField;
import java.time.temporal.Temporal;
import java.util.Optional;

/**
 * A column of a dataset.
 *
 * @param name on the wire
 * @param sqlName in the table, quoted
 * @param type how its content is read and written
 * @param maxLength most characters of a text; 0: no bound
 * @param required whether the table refuses null
 * @param stored as what the database keeps it
 */
public record Column(String name, String sqlName, ColumnType type, int maxLength, boolean required, StoredType stored) {

    /**
     * What to compare this column with in order to find a text: of the column's own type, so that its index serves.
     *
     * @return empty when the column cannot hold such content
     * @throws IllegalArgumentException when the text is none of this type; its message says what is expected
     */
    public Optional<Object> comparable(String text) {
        var content = type.toJdbc(text);
        if (content instanceof String characters) {
            boolean fits = maxLength == 0 || characters.codePointCount(0, characters.length()) <= maxLength;
            return fits && !characters.isEmpty() ? Optional.of(characters) : Optional.empty();
        }
        if (content instanceof Temporal time
                && time.get(ChronoField.YEAR) != Math.floorMod(time.get(ChronoField.YEAR), 10_000)) {
            // Years that not every database knows, and none has.
            return Optional.empty();
        }
        return content instanceof BigDecimal number ? stored.number(number) : Optional.of(content);
    }
}
