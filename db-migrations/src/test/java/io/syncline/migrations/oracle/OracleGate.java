package io.syncline.migrations.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.misc.ParseCancellationException;
import org.apache.shardingsphere.sql.parser.autogen.OracleStatementLexer;
import org.apache.shardingsphere.sql.parser.autogen.OracleStatementParser;
import org.apache.shardingsphere.sql.parser.autogen.OracleStatementParser.ExecuteContext;

/** Reads a statement as Oracle 19c would: by a grammar, and by the words that the grammar lets through although Oracle does not know them. */
public final class OracleGate {

    private static final Pattern COMMENTS = Pattern.compile("--[^\n]*|/\\*.*?\\*/", Pattern.DOTALL);
    private static final Pattern TEXTS = Pattern.compile("'(?:[^']|'')*'");
    private static final Pattern NAMED_PARAMETER = Pattern.compile("(?<![:\\w]):([a-zA-Z_]\\w*)");

    /** What the grammar accepts as a name of a type or a function. */
    private static final Map<Pattern, String> DENIED = Map.ofEntries(
            word("text", "the type TEXT; use CLOB"),
            word("(big|small)?serial", "a SERIAL type; use an identity column or a sequence"),
            word("boolean|bool", "the type BOOLEAN; use NUMBER(1)"),
            word("true|false", "a boolean literal; use 1 or 0"),
            word("bytea", "the type BYTEA; use BLOB"),
            word("jsonb?", "the type JSON; use CLOB"),
            word("uuid", "the type UUID; use VARCHAR2(36)"),
            word("now\\s*\\(", "the function NOW; pass the time in"),
            word("string_agg\\s*\\(", "the function STRING_AGG; use LISTAGG"),
            word("gen_random_uuid|random_uuid|nextval\\s*\\(", "a function of another database"),
            word("any\\s*\\(\\s*\\?", "an array parameter"),
            word("unnest|generate_series|json_agg|array_agg", "a function of another database"),
            word("returning\\b(?!.*\\binto\\b)", "RETURNING without INTO"),
            word("limit\\s+(\\d+|\\?)", "LIMIT; use FETCH FIRST"),
            word("on\\s+conflict", "ON CONFLICT; use MERGE"),
            word("ilike", "ILIKE; compare lower(…)"));

    private static final Pattern FETCH = Pattern.compile("\\bfetch\\s+(first|next)\\b");
    private static final Pattern FOR_UPDATE = Pattern.compile("\\bfor\\s+update\\b");
    private static final Pattern RECURSIVE = Pattern.compile("\\bwith\\s+recursive\\b");
    private static final Pattern VALUES_LIST = Pattern.compile("\\bvalues\\s*\\([^;]*?\\)\\s*,\\s*\\(", Pattern.DOTALL);
    private static final int LONGEST_NAME = 128;

    private OracleGate() {}

    /** What is wrong with one statement, in sentences; empty when nothing is. */
    public static List<String> faults(String sql) {
        var faults = new ArrayList<String>();
        // A constant may leave a row count or a list of parameters open for String.format.
        var statement = NAMED_PARAMETER
                .matcher(sql.strip())
                .replaceAll("?")
                .replace("%d", "1")
                .replace("(%s)", "(?)");
        var bare = TEXTS.matcher(COMMENTS.matcher(statement).replaceAll(" "))
                .replaceAll("'-'")
                .toLowerCase(Locale.ROOT);
        DENIED.forEach((pattern, what) -> {
            if (pattern.matcher(bare).find()) {
                faults.add("Oracle does not know " + what);
            }
        });
        if (FETCH.matcher(bare).find() && FOR_UPDATE.matcher(bare).find()) {
            faults.add("Oracle takes no FETCH FIRST together with FOR UPDATE (ORA-02014)");
        }
        if (RECURSIVE.matcher(bare).find()) {
            faults.add("Oracle does not know the word RECURSIVE");
        }
        if (VALUES_LIST.matcher(bare).find()) {
            faults.add("Oracle 19c takes one row after VALUES");
        }
        if (TEXTS.matcher(COMMENTS.matcher(statement).replaceAll(" "))
                .results()
                .anyMatch(text -> text.group().equals("''"))) {
            faults.add("'' is null on Oracle");
        }
        for (var name : bare.split("\\W+")) {
            if (name.length() > LONGEST_NAME) {
                faults.add("a name is longer than " + LONGEST_NAME + ": " + name);
            }
        }
        try {
            parse(statement);
        } catch (ParseCancellationException e) {
            faults.add("Oracle's grammar: " + e.getMessage());
        }
        return faults;
    }

    /** What the quick prediction takes, the full one takes too; it alone refuses. */
    static ExecuteContext parse(String statement) {
        try {
            return parse(statement, PredictionMode.SLL);
        } catch (ParseCancellationException perhaps) {
            return parse(statement, PredictionMode.LL);
        }
    }

    private static ExecuteContext parse(String statement, PredictionMode prediction) {
        var lexer = new OracleStatementLexer(CharStreams.fromString(statement));
        lexer.removeErrorListeners();
        lexer.addErrorListener(new Refusal());
        var parser = new OracleStatementParser(new CommonTokenStream(lexer));
        parser.removeErrorListeners();
        parser.addErrorListener(new Refusal());
        parser.getInterpreter().setPredictionMode(prediction);
        var tree = parser.execute();
        if (parser.getCurrentToken().getType() != OracleStatementParser.EOF) {
            throw new ParseCancellationException(
                    "not understood from \"" + parser.getCurrentToken().getText() + "\" on");
        }
        return tree;
    }

    /** The statements of a script; our scripts have neither blocks nor semicolons in texts. */
    public static List<String> statements(String script) {
        var statements = new ArrayList<String>();
        for (var statement : COMMENTS.matcher(script).replaceAll(" ").split(";")) {
            if (!statement.isBlank()) {
                statements.add(statement.strip());
            }
        }
        return statements;
    }

    private static Map.Entry<Pattern, String> word(String expression, String what) {
        return Map.entry(
                Pattern.compile("\\b(?:" + expression + ")" + (expression.endsWith("(") ? "" : "(?!\\w)")), what);
    }

    private static final class Refusal extends BaseErrorListener {
        @Override
        public void syntaxError(
                Recognizer<?, ?> recognizer,
                Object symbol,
                int line,
                int column,
                String message,
                RecognitionException e) {
            throw new ParseCancellationException("line " + line + ":" + column + " " + message);
        }
    }
}
