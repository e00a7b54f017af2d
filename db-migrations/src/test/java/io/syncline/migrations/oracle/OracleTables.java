package io.syncline.migrations.oracle;

import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.antlr.v4.runtime.tree.ParseTree;
import org.apache.shardingsphere.sql.parser.autogen.OracleStatementParser.AddColumnSpecificationContext;
import org.apache.shardingsphere.sql.parser.autogen.OracleStatementParser.AlterTableContext;
import org.apache.shardingsphere.sql.parser.autogen.OracleStatementParser.ColumnDefinitionContext;
import org.apache.shardingsphere.sql.parser.autogen.OracleStatementParser.ColumnNameContext;
import org.apache.shardingsphere.sql.parser.autogen.OracleStatementParser.CreateTableContext;
import org.apache.shardingsphere.sql.parser.autogen.OracleStatementParser.DropColumnClauseContext;
import org.apache.shardingsphere.sql.parser.autogen.OracleStatementParser.DropTableContext;
import org.apache.shardingsphere.sql.parser.autogen.OracleStatementParser.RenameColumnClauseContext;

/** The tables and columns that a series of Oracle scripts leaves behind, in lower case. */
public final class OracleTables {

    private final SortedMap<String, SortedSet<String>> tables = new TreeMap<>();

    private OracleTables() {}

    public static SortedMap<String, SortedSet<String>> after(List<String> scripts) {
        var result = new OracleTables();
        for (var script : scripts) {
            OracleGate.statements(script).forEach(statement -> result.read(OracleGate.parse(statement)));
        }
        return result.tables;
    }

    private void read(ParseTree tree) {
        if (tree instanceof CreateTableContext create) {
            create(create);
        } else if (tree instanceof AlterTableContext alter) {
            alter(lower(alter.tableName()), alter);
        } else if (tree instanceof DropTableContext drop) {
            tables.remove(lower(drop.tableName()));
        } else {
            for (int i = 0; i < tree.getChildCount(); i++) {
                read(tree.getChild(i));
            }
        }
    }

    private void create(CreateTableContext create) {
        var columns = new TreeSet<String>();
        addDefinitions(create.createDefinitionClause(), columns);
        tables.put(lower(create.tableName()), columns);
    }

    private void alter(String table, ParseTree tree) {
        var columns = columnsOf(table);
        if (tree instanceof AddColumnSpecificationContext add) {
            addDefinitions(add, columns);
        } else if (tree instanceof RenameColumnClauseContext rename) {
            columns.remove(lower(rename.columnName().get(0)));
            columns.add(lower(rename.columnName().get(1)));
        } else if (tree instanceof DropColumnClauseContext drop) {
            removeNames(drop, columns);
        } else {
            for (int i = 0; i < tree.getChildCount(); i++) {
                alter(table, tree.getChild(i));
            }
        }
    }

    private SortedSet<String> columnsOf(String table) {
        var columns = tables.get(table);
        if (columns == null) {
            throw new IllegalStateException("altered before it was created: " + table);
        }
        return columns;
    }

    private static void addDefinitions(ParseTree tree, SortedSet<String> columns) {
        if (tree instanceof ColumnDefinitionContext column) {
            columns.add(lower(column.columnName()));
            return;
        }
        for (int i = 0; i < tree.getChildCount(); i++) {
            addDefinitions(tree.getChild(i), columns);
        }
    }

    private static void removeNames(ParseTree tree, SortedSet<String> columns) {
        if (tree instanceof ColumnNameContext column) {
            columns.remove(lower(column));
            return;
        }
        for (int i = 0; i < tree.getChildCount(); i++) {
            removeNames(tree.getChild(i), columns);
        }
    }

    private static String lower(ParseTree name) {
        return name.getText().toLowerCase(Locale.ROOT);
    }
}
