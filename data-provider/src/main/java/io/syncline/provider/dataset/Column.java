package io.syncline.provider.dataset;

/**
 * A column of a dataset.
 *
 * @param name on the wire
 * @param sqlName in the table, quoted
 * @param type how its content is read and written
 * @param maxLength most characters of a text; 0: no bound
 * @param required whether the table refuses null
 */
public record Column(String name, String sqlName, ColumnType type, int maxLength, boolean required) {}
