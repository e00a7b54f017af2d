package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.ProblemException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The documents of one plan as they were sent. */
final class PlanDocuments {

    static final int MOST = 1_000;

    /**
     * One document.
     *
     * @param place among those that were sent, from 0
     * @param document without what a GET adds
     */
    record Sent(int place, String kind, String key, ObjectNode document) {

        String name() {
            return kind + " " + key;
        }
    }

    private final List<Sent> sent = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();
    private final ProblemException faults = invalid();

    private PlanDocuments() {}

    static ProblemException invalid() {
        return ProblemException.of(422, "invalid-plan", "The documents cannot be carried out")
                .detail("Correct what the errors name; a pointer begins with the document's place, from 0.");
    }

    /** @throws ProblemException 400 when the body cannot be read, 422 for more documents than can be taken */
    static PlanDocuments read(PlanRequest request, Set<String> kinds) {
        List<JsonNode> nodes = DocumentProblems.told(() -> request.format().readMany(request.body()));
        if (nodes.size() > MOST) {
            throw invalid().error("", "must be at most " + MOST + " documents", DocumentError.OUT_OF_RANGE);
        }
        if (nodes.isEmpty() && !request.prune()) {
            throw invalid().error("", "must be at least one document", DocumentError.OUT_OF_RANGE);
        }
        PlanDocuments documents = new PlanDocuments();
        for (int place = 0; place < nodes.size(); place++) {
            documents.add(place, nodes.get(place), kinds);
        }
        return documents;
    }

    private void add(int place, JsonNode node, Set<String> kinds) {
        if (!(node instanceof ObjectNode document)) {
            faults.error("/" + place, "must be an object with named members", DocumentError.WRONG_TYPE);
            return;
        }
        String kind = document.path("kind").asString("");
        String key = document.path("key").asString("");
        if (!kinds.contains(kind)) {
            faults.error(
                    "/" + place + "/kind",
                    "must be one of " + String.join(", ", kinds),
                    document.has("kind") ? DocumentError.INVALID : DocumentError.REQUIRED);
        }
        if (!Keys.valid(key)) {
            faults.error(
                    "/" + place + "/key",
                    Keys.RULE,
                    document.has("key") ? DocumentError.INVALID : DocumentError.REQUIRED);
        } else if (kinds.contains(kind)) {
            Integer other = places.putIfAbsent(kind + "/" + key, place);
            if (other != null) {
                faults.error(
                        "/" + place + "/key",
                        "the document at " + other + " is the " + kind + " '" + key + "' as well",
                        DocumentError.DUPLICATE);
                return;
            }
            document.remove(StatusMember.NAME);
            sent.add(new Sent(place, kind, key, document));
        }
    }

    List<Sent> sent() {
        return sent;
    }

    boolean holds(String kind, String key) {
        return places.containsKey(kind + "/" + key);
    }

    /** What is wrong with the documents so far; to be added to. */
    ProblemException faults() {
        return faults;
    }

    static List<String> labels(StoredVersion version) {
        return labels(Documents.json(version.document()));
    }

    static List<String> labels(ObjectNode document) {
        return document.path("labels")
                .valueStream()
                .map(label -> label.asString(""))
                .toList();
    }
}
