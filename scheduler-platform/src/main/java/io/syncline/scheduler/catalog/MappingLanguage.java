package io.syncline.scheduler.catalog;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The part of JSONata that a mapping may use: paths, conditions, arithmetic, text, objects and arrays. What could run on
 * without end, answer differently the next time or make much out of little is left out: functions of one's own, recursion,
 * ranges, regular expressions, transforms, the time, chance and evaluation of text. The words are cut as JSONata cuts them.
 */
final class MappingLanguage {

    static final int MOST_CHARACTERS = 4096;

    /** Of one bracket in another. */
    private static final int DEEPEST = 50;

    private static final String BLANKS = " \t\n\r";
    private static final String OPERATORS = ".[]{}(),@#;:?+-*/%|=<>^&!~";

    static final Set<String> FUNCTIONS = Set.of(
            "abs",
            "append",
            "average",
            "boolean",
            "ceil",
            "contains",
            "count",
            "exists",
            "floor",
            "keys",
            "length",
            "lookup",
            "lowercase",
            "max",
            "merge",
            "min",
            "not",
            "number",
            "reverse",
            "string",
            "substring",
            "substringAfter",
            "substringBefore",
            "sum",
            "trim",
            "type",
            "uppercase");

    private final String text;
    private final Set<String> used = new HashSet<>();
    private final Set<String> bound = new HashSet<>();
    private int at;
    private int depth;

    private MappingLanguage(String text) {
        this.text = text;
    }

    /** Why the expression is none of the language; empty when it may be. */
    static Optional<String> fault(String expression) {
        if (expression.length() > MOST_CHARACTERS) {
            return Optional.of("must have at most " + MOST_CHARACTERS + " characters");
        }
        return new MappingLanguage(expression).fault();
    }

    private Optional<String> fault() {
        while (at < text.length()) {
            char c = text.charAt(at);
            Optional<String> fault = Optional.empty();
            if (BLANKS.indexOf(c) >= 0) {
                at++;
            } else if (OPERATORS.indexOf(c) >= 0) {
                fault = operator(c);
            } else if (c == '"' || c == '\'') {
                fault = literal(c);
            } else if (c == '`') {
                fault = quotedName();
            } else {
                fault = word();
            }
            if (fault.isPresent()) {
                return fault;
            }
        }
        used.removeAll(bound);
        return used.stream()
                .sorted()
                .findFirst()
                .map(name -> "knows no $" + name + "; there are "
                        + FUNCTIONS.stream().sorted().map(known -> "$" + known).toList());
    }

    private Optional<String> operator(char c) {
        var next = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
        switch (c) {
            case '/' -> {
                return refused("division, regular expressions and comments");
            }
            case '|' -> {
                return refused("transforms");
            }
            case '@', '#' -> {
                return refused("joins");
            }
            case '~' -> {
                return refused("~>");
            }
            case '.' -> {
                if (next == '.') {
                    return refused("ranges");
                }
            }
            case '*' -> {
                if (next == '*') {
                    return refused("descendants");
                }
            }
            case '(', '[', '{' -> depth++;
            case ')', ']', '}' -> depth--;
            default -> {
                // Harmless.
            }
        }
        at++;
        return depth > DEEPEST
                ? Optional.of("has more than " + DEEPEST + " brackets in one another")
                : Optional.empty();
    }

    private static Optional<String> refused(String what) {
        return Optional.of("may not use " + what);
    }

    private Optional<String> literal(char quote) {
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == quote) {
                at++;
                return Optional.empty();
            }
            if (c == '\\') {
                at++;
            }
        }
        return Optional.of("has a text without its closing quote");
    }

    private Optional<String> quotedName() {
        int end = text.indexOf('`', at + 1);
        if (end < 0) {
            return Optional.of("has a name without its closing backtick");
        }
        var name = text.substring(at + 1, end);
        at = end + 1;
        return definesFunction(name) ? refused("functions of its own") : Optional.empty();
    }

    private Optional<String> word() {
        int start = at;
        while (at < text.length() && BLANKS.indexOf(text.charAt(at)) < 0 && OPERATORS.indexOf(text.charAt(at)) < 0) {
            char c = text.charAt(at);
            if (c == '"' || c == '\'' || c == '`') {
                // What follows could be read as text by one and as code by another.
                return Optional.of("has a quote in a name; put the name in backticks");
            }
            at++;
        }
        var word = text.substring(start, at);
        if (definesFunction(word)) {
            return refused("functions of its own");
        }
        if (word.startsWith("$__")) {
            // The evaluator looks up its own hooks, by which an evaluation is bounded, among the variables.
            return refused("variables that begin with two underscores");
        }
        if (word.startsWith("$")) {
            variable(word.substring(1));
        }
        return Optional.empty();
    }

    /** In backticks as well: the parser does not tell them apart. */
    private static boolean definesFunction(String name) {
        return name.toLowerCase(Locale.ROOT).equals("function") || name.equals("\u03bb");
    }

    private void variable(String name) {
        if (name.isEmpty() || name.equals("$") || FUNCTIONS.contains(name)) {
            return;
        }
        int next = at;
        while (next < text.length() && BLANKS.indexOf(text.charAt(next)) >= 0) {
            next++;
        }
        if (text.startsWith(":=", next)) {
            bound.add(name);
        } else {
            used.add(name);
        }
    }
}
