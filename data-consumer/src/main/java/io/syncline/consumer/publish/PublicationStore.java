package io.syncline.consumer.publish;

import io.syncline.consumer.csv.OutputFolder;
import io.syncline.consumer.publish.Aggregate.Group;
import io.syncline.consumer.publish.Publication.PublishedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Publications on disk, a folder per business key. */
class PublicationStore {

    private final Path root;
    private final JsonMapper json;

    PublicationStore(Path root, JsonMapper json) {
        this.root = root;
        this.json = json;
    }

    PublishedFile write(String businessKey, Aggregate aggregate, List<Group> groups) throws IOException {
        try (var csv = folder(businessKey).begin(aggregate.columns())) {
            for (var group : groups) {
                var fields = new ArrayList<@Nullable Object>(group.members());
                fields.add(group.rows());
                csv.row(fields);
            }
            var written = csv.end(aggregate.fileName());
            long counted = groups.stream().mapToLong(Group::rows).sum();
            return new PublishedFile(
                    written.name(), aggregate.columns(), written.rows(), counted, written.bytes(), written.sha256());
        }
    }

    /** Makes the files the publication of the key; what only an earlier one named is deleted. */
    void publish(Publication publication) throws IOException {
        folder(publication.businessKey())
                .publish(
                        json.writeValueAsBytes(publication),
                        publication.files().stream().map(PublishedFile::name).toList());
    }

    Optional<Publication> find(String businessKey) throws IOException {
        return folder(businessKey).manifest().map(manifest -> json.readValue(manifest, Publication.class));
    }

    /** @param file as a manifest names it, never as a caller does */
    Path path(String businessKey, PublishedFile file) {
        return folder(businessKey).path(file.name());
    }

    private OutputFolder folder(String businessKey) {
        return OutputFolder.of(root, businessKey);
    }
}
