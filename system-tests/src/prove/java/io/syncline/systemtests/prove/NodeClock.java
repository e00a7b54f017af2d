package io.syncline.systemtests.prove;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Sets the wall clock of one node wrong while it runs: a few lines of C, loaded before the C library where there is a compiler,
 * add seconds of a shared file to what the node reads. Its monotonic clock stays right.
 */
final class NodeClock {

    private static final String SOURCE =
            """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <fcntl.h>
            #include <stdlib.h>
            #include <sys/mman.h>
            #include <sys/syscall.h>
            #include <sys/time.h>
            #include <time.h>
            #include <unistd.h>

            static volatile long *offset;

            __attribute__((constructor)) static void begin(void) {
                const char *path = getenv("PROVE_CLOCK");
                int file = path ? open(path, O_RDONLY) : -1;
                if (file >= 0) {
                    void *page = mmap(0, sizeof(long), PROT_READ, MAP_SHARED, file, 0);
                    offset = page == MAP_FAILED ? 0 : page;
                    close(file);
                }
            }

            static long wrong_by(void) { return offset ? *offset : 0; }

            int clock_gettime(clockid_t id, struct timespec *at) {
                int result = syscall(SYS_clock_gettime, id, at);
                if (result == 0 && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) at->tv_sec += wrong_by();
                return result;
            }

            int gettimeofday(struct timeval *at, void *zone) {
                struct timespec now;
                int result = clock_gettime(CLOCK_REALTIME, &now);
                if (result == 0 && at) { at->tv_sec = now.tv_sec; at->tv_usec = now.tv_nsec / 1000; }
                return result;
            }

            time_t time(time_t *at) {
                struct timespec now;
                clock_gettime(CLOCK_REALTIME, &now);
                if (at) *at = now.tv_sec;
                return now.tv_sec;
            }
            """;

    private final Path library;
    private final Path file;
    private final MappedByteBuffer seconds;

    private NodeClock(Path library, Path file) {
        this.library = library;
        this.file = file;
        try (var access = new RandomAccessFile(file.toFile(), "rw")) {
            access.setLength(Long.BYTES);
            seconds = access.getChannel().map(FileChannel.MapMode.READ_WRITE, 0, Long.BYTES);
            seconds.order(ByteOrder.nativeOrder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static NodeClock of(Path home, Path shared, String node) {
        return new NodeClock(library(shared), home.resolve(node + ".clock"));
    }

    /** Null where there is no compiler; then clocks cannot be set wrong. */
    private static synchronized Path library(Path shared) {
        var made = shared.resolve("clock-1.so");
        if (Files.exists(made)) {
            return made;
        }
        try {
            var source = Files.createDirectories(shared).resolve("clock.c");
            Files.writeString(source, SOURCE);
            var compiler = new ProcessBuilder(
                            "cc", "-shared", "-fPIC", "-O1", "-o", made.toString(), source.toString(), "-ldl")
                    .redirectErrorStream(true)
                    .redirectOutput(shared.resolve("clock.log").toFile())
                    .start();
            return compiler.waitFor(60, TimeUnit.SECONDS) && compiler.exitValue() == 0 ? made : null;
        } catch (IOException noCompiler) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    boolean canBeSet() {
        return library != null;
    }

    Map<String, String> environment() {
        return canBeSet() ? Map.of("LD_PRELOAD", library.toString(), "PROVE_CLOCK", file.toString()) : Map.of();
    }

    void wrongBy(Duration offset) {
        seconds.putLong(0, offset.toSeconds());
    }
}
