package io.syncline.provider.testing;

import io.syncline.provider.dataset.Column;
import io.syncline.provider.dataset.ColumnType;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.FileForm;
import io.syncline.provider.dataset.StoredType;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Types;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Datasets without a database. */
public final class Fixtures {

    private static final StoredType VARCHAR = new StoredType(Types.VARCHAR, "varchar", 20, 0);

    private Fixtures() {}

    /** All columns are text of at most 20 characters, the first is the key. */
    public static Dataset aDataset(String... names) {
        var columns = Stream.of(names)
                .map(name -> new Column(name, '"' + name + '"', ColumnType.TEXT, 20, false, VARCHAR))
                .toList();
        return aDataset(columns);
    }

    public static Dataset aDataset(List<Column> columns) {
        return aDataset(columns, List.of(columns.get(0)));
    }

    public static Dataset aDataset(List<Column> columns, List<Column> key) {
        return new Dataset(
                "plans",
                "\"plans\"",
                "plans",
                columns,
                key,
                false,
                "t",
                false,
                false,
                false,
                new FileForm(StandardCharsets.UTF_8, Set.of()));
    }

    /** The same with files of another form. */
    public static Dataset with(Dataset dataset, Charset charset, String... nullTexts) {
        return new Dataset(
                dataset.name(),
                dataset.table(),
                dataset.tableName(),
                dataset.columns(),
                dataset.key(),
                dataset.triggerOnImport(),
                dataset.triggerType(),
                dataset.writtenElsewhere(),
                dataset.changes(),
                dataset.captured(),
                new FileForm(charset, Set.of(nullTexts)));
    }

    public static Column aColumn(String name, ColumnType type) {
        return new Column(name, '"' + name + '"', type, 0, false, VARCHAR);
    }
}
