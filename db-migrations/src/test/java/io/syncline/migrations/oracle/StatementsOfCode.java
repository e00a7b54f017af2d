package io.syncline.migrations.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The SQL constants of a module's classes that may reach Oracle: all but those of classes named after another vendor. */
public final class StatementsOfCode {

    private static final Pattern SQL = Pattern.compile(
            "\\s*(select\\b.*\\bfrom\\b|insert\\s+into\\b|update\\b.*\\bset\\b|delete\\s+from\\b|merge\\s+into\\b|with\\b.*\\bas\\s*\\(|lock\\s+table\\b).*",
            Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
    private static final Pattern OTHER_VENDOR = Pattern.compile("postgres|h2", Pattern.CASE_INSENSITIVE);

    private StatementsOfCode() {}

    /** Statements by {@code Class.CONSTANT}, of every class that was compiled together with {@code member}. */
    public static Map<String, String> reachingOracle(Class<?> member) {
        var statements = new TreeMap<String, String>();
        for (var name : classNames(member)) {
            if (!OTHER_VENDOR.matcher(name).find()) {
                collect(name, member.getClassLoader(), statements);
            }
        }
        return statements;
    }

    /** The faults of those statements, each with the name of its constant. */
    public static List<String> faults(Class<?> member) {
        var faults = new ArrayList<String>();
        reachingOracle(member)
                .forEach((name, sql) -> OracleGate.faults(sql).forEach(fault -> faults.add(name + ": " + fault)));
        return faults;
    }

    private static void collect(String name, ClassLoader loader, Map<String, String> statements) {
        try {
            for (var field : Class.forName(name, false, loader).getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers())
                        && Modifier.isFinal(field.getModifiers())
                        && field.getType() == String.class
                        && !OTHER_VENDOR.matcher(field.getName()).find()) {
                    var text = text(field);
                    if (text != null && SQL.matcher(text).matches()) {
                        statements.put(name + "." + field.getName(), text);
                    }
                }
            }
        } catch (ClassNotFoundException | IllegalAccessException e) {
            throw new IllegalStateException("Cannot read the constants of " + name, e);
        }
    }

    private static @org.jspecify.annotations.Nullable String text(Field field) throws IllegalAccessException {
        field.setAccessible(true);
        return (String) field.get(null);
    }

    private static List<String> classNames(Class<?> member) {
        try {
            var source =
                    member.getProtectionDomain().getCodeSource().getLocation().toURI();
            if (Files.isDirectory(Path.of(source))) {
                return classNamesUnder(Path.of(source));
            }
            try (var jar = FileSystems.newFileSystem(URI.create("jar:" + source), Map.of())) {
                return classNamesUnder(jar.getPath("/"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (java.net.URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> classNamesUnder(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(file -> file.startsWith("io/syncline/") && file.endsWith(".class"))
                    .filter(file -> !file.endsWith("-info.class"))
                    .map(file ->
                            file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                    .sorted()
                    .toList();
        }
    }
}
