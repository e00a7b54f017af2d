package io.syncline.systemtests.prove;

import java.nio.file.Path;

/**
 * The space that is left on the file system of one process: while it is full, no file there grows and ENOSPC is the answer. What
 * lies within the blocks that a file has is written over as ever, as on a file system that does not copy what it writes. Files of
 * other file systems, such as shared memory, are let alone.
 */
final class DiskSpace {

    private static final String SOURCE = """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <errno.h>
            #include <fcntl.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>
            #include <sys/mman.h>
            #include <sys/stat.h>
            #include <sys/uio.h>
            #include <unistd.h>

            /* how full: 0 not at all, 1 but for the write-ahead log, 2; then how often growth was refused */
            static volatile long *page;
            static dev_t device;

            __attribute__((constructor)) static void begin(void) {
                const char *path = getenv("PROVE_DISK");
                int file = path ? open(path, O_RDWR) : -1;
                struct stat state;
                if (file >= 0) {
                    void *shared = mmap(0, 4 * sizeof(long), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
                    if (shared != MAP_FAILED && fstat(file, &state) == 0) { device = state.st_dev; page = shared; }
                    close(file);
                }
            }

            static int in_log(int file) {
                char link[40], path[4096];
                snprintf(link, sizeof link, "/proc/self/fd/%d", file);
                ssize_t length = readlink(link, path, sizeof path - 1);
                path[length < 0 ? 0 : length] = 0;
                return strstr(path, "/pg_wal/") != 0;
            }

            /* start -1: where the file stands */
            static int refused(int file, off_t start, size_t length) {
                struct stat state;
                if (!page || !*page) return 0;
                int before = errno;
                int full = 0;
                if (fstat(file, &state) == 0 && S_ISREG(state.st_mode) && state.st_dev == device) {
                    if (start < 0) {
                        int flags = fcntl(file, F_GETFL);
                        start = flags >= 0 && (flags & O_APPEND) ? state.st_size : lseek(file, 0, SEEK_CUR);
                    }
                    off_t room = (state.st_size + 4095) / 4096 * 4096;
                    full = start + (off_t) length > room && !(*page == 1 && in_log(file));
                }
                errno = before;
                if (full) __sync_fetch_and_add(page + 1, 1);
                return full;
            }

            static size_t sum(const struct iovec *parts, int count) {
                size_t all = 0;
                for (int i = 0; i < count; i++) all += parts[i].iov_len;
                return all;
            }

            #define NEXT(name) static __typeof__(name) *next; if (!next) next = dlsym(RTLD_NEXT, #name)
            #define FULL(file, start, length) if (refused(file, start, length)) { errno = ENOSPC; return -1; }

            ssize_t write(int file, const void *from, size_t length) {
                NEXT(write); FULL(file, -1, length) return next(file, from, length);
            }
            ssize_t writev(int file, const struct iovec *parts, int count) {
                NEXT(writev); FULL(file, -1, sum(parts, count)) return next(file, parts, count);
            }
            ssize_t pwrite(int file, const void *from, size_t length, off_t at) {
                NEXT(pwrite); FULL(file, at, length) return next(file, from, length, at);
            }
            ssize_t pwrite64(int file, const void *from, size_t length, off64_t at) {
                NEXT(pwrite64); FULL(file, at, length) return next(file, from, length, at);
            }
            ssize_t pwritev(int file, const struct iovec *parts, int count, off_t at) {
                NEXT(pwritev); FULL(file, at, sum(parts, count)) return next(file, parts, count, at);
            }
            ssize_t pwritev64(int file, const struct iovec *parts, int count, off64_t at) {
                NEXT(pwritev64); FULL(file, at, sum(parts, count)) return next(file, parts, count, at);
            }
            int ftruncate(int file, off_t length) {
                NEXT(ftruncate); FULL(file, 0, length) return next(file, length);
            }
            int ftruncate64(int file, off64_t length) {
                NEXT(ftruncate64); FULL(file, 0, length) return next(file, length);
            }
            int posix_fallocate(int file, off_t at, off_t length) {
                NEXT(posix_fallocate); return refused(file, at, length) ? ENOSPC : next(file, at, length);
            }
            int posix_fallocate64(int file, off64_t at, off64_t length) {
                NEXT(posix_fallocate64); return refused(file, at, length) ? ENOSPC : next(file, at, length);
            }
            int fallocate(int file, int mode, off_t at, off_t length) {
                NEXT(fallocate); FULL(file, at, length) return next(file, mode, at, length);
            }
            int fallocate64(int file, int mode, off64_t at, off64_t length) {
                NEXT(fallocate64); FULL(file, at, length) return next(file, mode, at, length);
            }
            """;

    private final Shim shim;

    private DiskSpace(Shim shim) {
        this.shim = shim;
    }

    static DiskSpace of(Path home, Path shared, String process) {
        return new DiskSpace(new Shim("disk-1", SOURCE, "PROVE_DISK", home.resolve(process + ".disk"), shared));
    }

    boolean canBeUsedUp() {
        return shim.isThere();
    }

    Shim shim() {
        return shim;
    }

    /** @param log whether the database's write-ahead log is on the same file system; else that may still grow */
    void useUp(boolean log) {
        shim.number(1, 0);
        shim.number(0, log ? 2 : 1);
    }

    void free() {
        shim.number(0, 0);
    }

    /** How often a file was refused to grow since it was last used up. */
    long refused() {
        return shim.number(1);
    }
}
