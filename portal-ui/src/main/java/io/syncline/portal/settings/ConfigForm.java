package io.syncline.portal.settings;

import io.syncline.portal.page.FormFaults;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.multipart.MultipartFile;

/**
 * The form that asks for a plan, as it was filled in.
 *
 * @param documents typed or pasted
 * @param file the same as a file; never both
 * @param kept id of documents that were sent before: they are meant when neither is filled in
 * @param prune {@code true}: what bears all the labels and is not among the documents is deleted
 * @param labels separated by commas or spaces
 */
record ConfigForm(
        @Nullable String documents,
        @Nullable MultipartFile file,
        @Nullable String kept,
        @Nullable String source,
        @Nullable String prune,
        @Nullable String labels) {

    static final ConfigForm EMPTY = new ConfigForm(null, null, null, null, null, null);

    /** As the platform takes it. */
    private static final int MOST_BYTES = 1024 * 1024;

    static final String TOO_LARGE = "These documents have more than 1 MiB: send them in parts.";

    static ConfigForm of(KeptDocuments sent) {
        return new ConfigForm(
                sent.mayBeShown() ? sent.text() : null,
                null,
                sent.mayBeShown() ? null : sent.id(),
                sent.source(),
                sent.prune() ? "true" : null,
                String.join(", ", sent.labels()));
    }

    public boolean isPrune() {
        return "true".equals(prune);
    }

    /** What is wrong with it as far as it can be told here; the documents themselves the platform judges. */
    FormFaults faults(HttpSession session) {
        var faults = FormFaults.NONE;
        if (hasText() && hasFile()) {
            faults = faults.and(FormFaults.about("file", "Send the documents as text or as a file, not as both."));
        } else if (hasFile() && fileText() == null) {
            faults = faults.and(FormFaults.about("file", "The file is no text in UTF-8."));
        } else if (text(session).isBlank()) {
            faults = faults.and(FormFaults.about("documents", "Paste the documents, or choose a file."));
        } else if (text(session).getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            faults = faults.and(FormFaults.about(hasFile() ? "file" : "documents", TOO_LARGE));
        }
        if (isPrune() && labelList().isEmpty()) {
            faults = faults.and(
                    FormFaults.about("labels", "Name at least one label: only what bears it may be deleted."));
        }
        if (!isPrune() && !labelList().isEmpty()) {
            faults = faults.and(FormFaults.about(
                    "prune", "Labels say what may be deleted: tick this as well, or leave the labels out."));
        }
        return faults;
    }

    /** What was sent, faulty or not, so that nothing has to be sent twice. */
    KeptDocuments toBeKept(HttpSession session) {
        return KeptDocuments.of(text(session), source == null ? "" : source.strip(), isPrune(), labelList());
    }

    private String text(HttpSession session) {
        var fromFile = hasFile() && !hasText() ? fileText() : null;
        if (fromFile != null) {
            return fromFile;
        }
        if (hasText()) {
            return Objects.requireNonNull(documents).replace("\r\n", "\n");
        }
        return kept == null
                ? ""
                : KeptDocuments.find(session, kept).map(KeptDocuments::text).orElse("");
    }

    private boolean hasText() {
        return documents != null && !documents.isBlank();
    }

    private boolean hasFile() {
        return file != null && !file.isEmpty();
    }

    /** Null when its bytes are no text. */
    private @Nullable String fileText() {
        if (file == null) {
            return null;
        }
        try {
            var text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(file.getBytes()))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException noText) {
            return null;
        } catch (IOException unreadable) {
            throw new IllegalStateException("a file that was received cannot be read", unreadable);
        }
    }

    private List<String> labelList() {
        return labels == null
                ? List.of()
                : Arrays.stream(labels.strip().split("[,\\s]+"))
                        .filter(label -> !label.isEmpty())
                        .distinct()
                        .toList();
    }
}
