package io.syncline.provider.extract;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The files at rest: a folder per extract and worker, so that a worker that was given up can never touch the files of
 * its successor. A file has its name only once all of it is on the disk.
 */
class ExtractFolders {

    private static final String UNFINISHED = ".part";

    private final Path root;

    ExtractFolders(Path root) {
        this.root = root;
    }

    void create(Extract extract) throws IOException {
        Files.createDirectories(folder(extract));
    }

    Path file(Extract extract, String name) {
        return folder(extract).resolve(name);
    }

    /** Opens a file that is not visible under its name until {@link #publish}. */
    OutputStream open(Extract extract, String name) throws IOException {
        return Channels.newOutputStream(FileChannel.open(
                unfinished(extract, name),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE));
    }

    /** Brings the closed file to the disk and gives it its name. */
    void publish(Extract extract, String name) throws IOException {
        sync(unfinished(extract, name), StandardOpenOption.WRITE);
        Files.move(unfinished(extract, name), file(extract, name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Brings the names in the extract's folder to the disk. */
    void sync(Extract extract) throws IOException {
        sync(folder(extract), StandardOpenOption.READ);
        sync(root.resolve(extract.dataset()), StandardOpenOption.READ);
    }

    void delete(Extract extract) throws IOException {
        delete(folder(extract));
    }

    static void delete(Path folder) throws IOException {
        try (var files = Files.newDirectoryStream(folder)) {
            for (var file : files) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException | NotDirectoryException gone) {
            return;
        }
        Files.deleteIfExists(folder);
    }

    /** All folders with files of extracts, whether anybody knows them or not. */
    List<Path> all() throws IOException {
        var folders = new ArrayList<Path>();
        if (!Files.isDirectory(root)) {
            return folders;
        }
        try (var datasets = Files.newDirectoryStream(root, Files::isDirectory)) {
            for (var dataset : datasets) {
                try (DirectoryStream<Path> extracts = Files.newDirectoryStream(dataset, Files::isDirectory)) {
                    extracts.forEach(folders::add);
                }
            }
        }
        return folders;
    }

    private Path folder(Extract extract) {
        return root.resolve(extract.dataset()).resolve(extract.folder());
    }

    private Path unfinished(Extract extract, String name) {
        return folder(extract).resolve(name + UNFINISHED);
    }

    private static void sync(Path path, StandardOpenOption access) throws IOException {
        try (var channel = FileChannel.open(path, access)) {
            channel.force(true);
        }
    }
}
