package io.syncline.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultyFilesTest {

    @TempDir
    Path folder;

    private final Calls calls = new Calls("FILE");
    private final FaultyFiles files = new FaultyFiles(calls);
    private Path part;
    private Path whole;

    @BeforeEach
    void open() {
        part = files.at(folder).resolve("file.part");
        whole = files.at(folder).resolve("file");
    }

    /** A file that has its name only once all of it is on the disk. */
    private final class Published implements Flow {

        private final boolean atomic;

        Published(boolean atomic) {
            this.atomic = atomic;
            try {
                Files.deleteIfExists(part);
                Files.deleteIfExists(whole);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void go() {
            var first = atomic ? part : whole;
            try {
                try (var channel = FileChannel.open(first, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        var out = Channels.newOutputStream(channel)) {
                    out.write(new byte[] {1, 2, 3, 4});
                    channel.force(true);
                }
                if (atomic) {
                    Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
                }
            } catch (IOException asItsCallerWould) {
                // and another try follows
            }
        }

        @Override
        public void finish() throws IOException {
            if (Files.exists(whole)) {
                assertThat(Files.size(whole))
                        .as("bytes of a file that is visible")
                        .isEqualTo(4);
            }
            go();
        }

        @Override
        public void check() throws IOException {
            assertThat(Files.readAllBytes(whole)).containsExactly(1, 2, 3, 4);
            assertThat(files.open()).as("files left open").isZero();
        }
    }

    @Test
    void aFileThatIsRenamedAtTheEndIsNeverSeenInPart() {
        assertThat(Sweep.over("published", calls, () -> new Published(true)))
                .isEqualTo(new Sweep.Tried("published", "FILE", 4, 12));
    }

    @Test
    void aFileThatIsWrittenUnderItsNameIsNamed() {
        assertThatThrownBy(() -> Sweep.over("published", calls, () -> new Published(false)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("-Dsyncline.sweep=published/FILE/2/REFUSED (write file)")
                .hasMessageContaining("bytes of a file that is visible");
    }

    @Test
    void whatIsLeftOpenIsCounted() throws IOException {
        var left = Files.newOutputStream(whole);

        assertThat(files.open()).isEqualTo(1);

        left.close();
        assertThat(files.open()).isZero();
    }
}
