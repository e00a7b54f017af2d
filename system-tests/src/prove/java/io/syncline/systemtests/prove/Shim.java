package io.syncline.systemtests.prove;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A few lines of C that a process loads before the C library, where there is a compiler, and a page of numbers that the process
 * and the harness share while both run.
 */
final class Shim {

    private static final int NUMBERS = 4;

    private final Path library;
    private final Path file;
    private final String variable;
    private final MappedByteBuffer numbers;

    /**
     * @param name of the library, with a version that rises with its source
     * @param variable that tells the process where the file of the numbers is
     * @param shared where libraries are kept from run to run
     */
    Shim(String name, String source, String variable, Path file, Path shared) {
        this.library = library(name, source, shared);
        this.variable = variable;
        this.file = file;
        try (var access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength((long) NUMBERS * Long.BYTES);
            numbers = access.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, (long) NUMBERS * Long.BYTES);
            numbers.order(ByteOrder.nativeOrder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Null where there is no compiler. */
    private static synchronized Path library(String name, String source, Path shared) {
        var made = shared.resolve(name + ".so");
        if (Files.exists(made)) {
            return made;
        }
        try {
            var text = Files.createDirectories(shared).resolve(name + ".c");
            Files.writeString(text, source);
            var compiler = new ProcessBuilder(
                            "cc", "-shared", "-fPIC", "-O1", "-o", made.toString(), text.toString(), "-ldl")
                    .redirectErrorStream(true)
                    .redirectOutput(shared.resolve(name + ".log").toFile())
                    .start();
            return compiler.waitFor(60, TimeUnit.SECONDS) && compiler.exitValue() == 0 ? made : null;
        } catch (IOException noCompiler) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** Where it is false, what the shim would do to a process cannot be done. */
    boolean isThere() {
        return library != null;
    }

    /** What a process has to be started with for these, as far as they are there. */
    static Map<String, String> environment(Shim... shims) {
        var there = List.of(shims).stream().filter(Shim::isThere).toList();
        var all = new HashMap<String, String>();
        if (!there.isEmpty()) {
            all.put(
                    "LD_PRELOAD",
                    there.stream().map(shim -> shim.library.toString()).collect(Collectors.joining(":")));
        }
        there.forEach(shim -> all.put(shim.variable, shim.file.toString()));
        return all;
    }

    long number(int place) {
        return numbers.getLong(place * Long.BYTES);
    }

    void number(int place, long content) {
        numbers.putLong(place * Long.BYTES, content);
    }
}
