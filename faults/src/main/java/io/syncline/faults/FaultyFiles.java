package io.syncline.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.tests.mockfile.FilterFileChannel;
import org.apache.lucene.tests.mockfile.FilterInputStream2;
import org.apache.lucene.tests.mockfile.FilterOutputStream2;
import org.apache.lucene.tests.mockfile.HandleTrackingFS;
import org.jspecify.annotations.Nullable;

/**
 * The machine's files, behind calls that can be made to fail one by one: what opens, reads, writes, flushes to the disk, renames,
 * deletes or lists. A write that is refused has left half of its bytes, as on a disk that is full.
 */
public final class FaultyFiles extends HandleTrackingFS {

    private final Calls calls;
    private final Set<Object> open = ConcurrentHashMap.newKeySet();

    public FaultyFiles(Calls calls) {
        super("faulty://", FileSystems.getDefault());
        this.calls = calls;
    }

    /** The same place, with faults. */
    public Path at(Path place) {
        return wrapPath(place);
    }

    /** Files and folders that were opened and not closed. */
    public int open() {
        return open.size();
    }

    @Override
    protected void onOpen(Path path, Object stream) {
        open.add(stream);
    }

    @Override
    protected void onClose(Path path, Object stream) {
        open.remove(stream);
    }

    @FunctionalInterface
    private interface Work<T> {
        T done() throws IOException;
    }

    private <T> T called(String what, Path path, Work<T> work) throws IOException {
        var failure = next(what, path);
        if (failure == null) {
            return work.done();
        }
        if (failure == Failure.MADE_UNHEARD) {
            var result = work.done();
            if (result instanceof AutoCloseable unheard) {
                close(unheard);
            }
        }
        throw failed(failure, path);
    }

    private static void close(AutoCloseable unheard) throws IOException {
        try {
            unheard.close();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private @Nullable Failure next(String what, Path path) {
        return calls.next(what + " " + path.getFileName());
    }

    private static IOException failed(Failure failure, Path path) {
        return new FileSystemException(
                path.toString(), null, failure == Failure.REFUSED ? "No space left on device" : "Input/output error");
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
        called("createDirectory", folder, () -> {
            super.createDirectory(folder, attributes);
            return folder;
        });
    }

    @Override
    public void delete(Path path) throws IOException {
        called("delete", path, () -> {
            super.delete(path);
            return path;
        });
    }

    @Override
    public boolean deleteIfExists(Path path) throws IOException {
        return called("delete", path, () -> super.deleteIfExists(path));
    }

    @Override
    public void move(Path from, Path to, CopyOption... options) throws IOException {
        called("move", from, () -> {
            super.move(from, to, options);
            return to;
        });
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path folder, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        return called("list", folder, () -> super.newDirectoryStream(folder, filter));
    }

    @Override
    public InputStream newInputStream(Path path, OpenOption... options) throws IOException {
        return called("open", path, () -> new Reading(path, super.newInputStream(path, options)));
    }

    @Override
    public OutputStream newOutputStream(Path path, OpenOption... options) throws IOException {
        return called("open", path, () -> new Writing(path, super.newOutputStream(path, options)));
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        return called("open", path, () -> new Channel(path, super.newFileChannel(path, options, attributes)));
    }

    private final class Reading extends FilterInputStream2 {

        private final Path path;

        Reading(Path path, InputStream delegate) {
            super(delegate);
            this.path = path;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return called("read", path, () -> super.read(bytes, offset, length));
        }
    }

    private final class Writing extends FilterOutputStream2 {

        private final Path path;

        Writing(Path path, OutputStream delegate) {
            super(delegate);
            this.path = path;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            var failure = next("write", path);
            if (failure == null || failure == Failure.MADE_UNHEARD) {
                super.write(bytes, offset, length);
            } else if (failure == Failure.REFUSED) {
                super.write(bytes, offset, length / 2);
            }
            if (failure != null) {
                throw failed(failure, path);
            }
        }
    }

    private final class Channel extends FilterFileChannel {

        private final Path path;

        Channel(Path path, FileChannel delegate) {
            super(delegate);
            this.path = path;
        }

        @Override
        public int read(ByteBuffer into) throws IOException {
            return called("read", path, () -> super.read(into));
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            var failure = next("write", path);
            if (failure == null) {
                return super.write(from);
            }
            if (failure == Failure.MADE_UNHEARD) {
                super.write(from);
            } else if (failure == Failure.REFUSED) {
                super.write(from.duplicate().limit(from.position() + from.remaining() / 2));
            }
            throw failed(failure, path);
        }

        @Override
        public void force(boolean metaData) throws IOException {
            called("force", path, () -> {
                super.force(metaData);
                return path;
            });
        }
    }
}
