package io.syncline.consumer.publish;

import io.syncline.client.problem.Problem;
import io.syncline.client.problem.ProblemException;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Publications over HTTP. */
@RestController
class PublishedController {

    private final PublicationStore store;

    PublishedController(PublicationStore store) {
        this.store = store;
    }

    @GetMapping("/published/{businessKey}")
    Publication manifest(@PathVariable String businessKey) throws IOException {
        return store.find(businessKey)
                .orElseThrow(() -> new ProblemException(Problem.of(
                        404,
                        "nothing-published",
                        "Nothing was published for this key",
                        "Ask for the business key of a run whose publish task has completed.")));
    }

    /** Names come from the manifest alone: what it does not name cannot be asked for. */
    @GetMapping("/published/{businessKey}/files/{file}")
    ResponseEntity<Resource> file(@PathVariable String businessKey, @PathVariable("file") String name)
            throws IOException {
        var file = manifest(businessKey).files().stream()
                .filter(published -> published.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new ProblemException(Problem.of(
                        404,
                        "no-such-file",
                        "The publication has no such file",
                        "Read the manifest again; it names the files.")));
        return ResponseEntity.ok()
                .contentType(MediaType.valueOf("application/gzip"))
                .eTag('"' + file.sha256() + '"')
                .header("Content-Disposition", "attachment; filename=\"" + file.name() + "\"")
                .header(
                        "Repr-Digest",
                        "sha-256=:"
                                + Base64.getEncoder()
                                        .encodeToString(HexFormat.of().parseHex(file.sha256()))
                                + ":")
                .body(new FileSystemResource(store.path(businessKey, file)));
    }
}
