package io.syncline.provider.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.syncline.faults.Calls;
import io.syncline.faults.Failure;
import io.syncline.faults.FaultyFiles;
import io.syncline.provider.problem.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceivedBodyTest {

    private static final byte[] BODY = "id,name\n1,one\n".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    private final Calls calls = new Calls("FILE");

    private ReceivedBody receive(InputStream body) throws IOException {
        return ReceivedBody.receive(body, null, 1000, new FaultyFiles(calls).at(folder));
    }

    @Test
    void whatWasReceivedIsThereUntilItIsClosed() throws IOException {
        try (var body = receive(new ByteArrayInputStream(BODY));
                var again = body.open()) {
            assertThat(again.readAllBytes()).isEqualTo(BODY);
        }
        assertThat(folder).isEmptyDirectory();
    }

    /** As on a full disk: whichever call it is that fails. */
    @Test
    void whatCannotBeWrittenIsToldSoAndLeavesNothing() throws IOException {
        calls.count();
        receive(new ByteArrayInputStream(BODY)).close();
        int made = calls.made();
        int refused = 0;
        for (int number = 1; number <= made; number++) {
            calls.failAt(number, Failure.REFUSED);
            try (var body = receive(new ByteArrayInputStream(BODY))) {
                assertThat(body.bytes()).isEqualTo(BODY.length);
            } catch (ProblemException told) {
                assertThat(told.status()).isEqualTo(507);
                refused++;
            } catch (IOException tidyingUp) {
                assertThat(calls.struck())
                        .hasValueSatisfying(what -> assertThat(what).contains("delete"));
            }
            calls.off();
            try (var left = Files.list(folder)) {
                for (Path file : left.toList()) {
                    assertThat(calls.struck())
                            .hasValueSatisfying(what -> assertThat(what).contains("delete"));
                    Files.delete(file);
                }
            }
        }
        assertThat(refused).isGreaterThanOrEqualTo(2);
    }

    @Test
    void aSenderWhoGoesAwayIsNoFullDisk() {
        var broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Connection reset");
            }
        };

        assertThatThrownBy(() -> receive(new SequenceInputStream(new ByteArrayInputStream(BODY), broken)))
                .isInstanceOf(IOException.class);
        assertThat(folder).isEmptyDirectory();
    }
}
