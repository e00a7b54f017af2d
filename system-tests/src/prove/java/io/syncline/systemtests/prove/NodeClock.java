package io.syncline.systemtests.prove;

import java.nio.file.Path;
import java.time.Duration;

/** Sets the wall clock of one node wrong while it runs: adds seconds to what the node reads. Its monotonic clock stays right. */
final class NodeClock {

    private static final String SOURCE = """
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

    private final Shim shim;

    private NodeClock(Shim shim) {
        this.shim = shim;
    }

    static NodeClock of(Path home, Path shared, String node) {
        return new NodeClock(new Shim("clock-1", SOURCE, "PROVE_CLOCK", home.resolve(node + ".clock"), shared));
    }

    boolean canBeSet() {
        return shim.isThere();
    }

    Shim shim() {
        return shim;
    }

    void wrongBy(Duration offset) {
        shim.number(0, offset.toSeconds());
    }
}
