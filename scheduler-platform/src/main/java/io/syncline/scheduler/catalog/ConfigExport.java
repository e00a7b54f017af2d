package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.Labels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The configuration as files: the same bytes as long as nothing has changed, whichever node is asked. */
@Service
public class ConfigExport {

    private final Map<String, DocumentKind> kinds = new TreeMap<>();
    private final DocumentSchema schema;
    private final TransactionOperations transactions;

    ConfigExport(List<DocumentKind> kinds, DocumentSchema schema, TransactionOperations transactions) {
        kinds.forEach(kind -> this.kinds.put(kind.kind(), kind));
        this.schema = schema;
        this.transactions = transactions;
    }

    public Set<String> kinds() {
        return kinds.keySet();
    }

    /**
     * The documents within reach by kind and key, without secrets and without what need not be written.
     *
     * @param wanted kinds; empty: all
     * @param labels that a document must bear; empty: any
     */
    public List<ObjectNode> documents(Collection<String> wanted, Collection<String> labels, Labels reach) {
        List<ObjectNode> documents = new ArrayList<>();
        transactions.executeWithoutResult(status -> {
            for (DocumentKind kind : kinds.values()) {
                if (wanted.isEmpty() || wanted.contains(kind.kind())) {
                    // databases sort text each in their own way
                    Map<String, ObjectNode> byKey = new TreeMap<>();
                    ConfigPlans.all(kind, reach, version -> {
                        ObjectNode document = Documents.json(version.document());
                        if (PlanDocuments.labels(document).containsAll(labels)) {
                            byKey.put(version.key(), schema.canonical(kind.kind(), document));
                        }
                    });
                    documents.addAll(byKey.values());
                }
            }
        });
        return documents;
    }

    /** A stream of YAML documents. */
    public static String yaml(List<ObjectNode> documents) {
        StringBuilder stream = new StringBuilder();
        documents.forEach(document -> stream.append("---\n").append(Documents.toYaml(document)));
        return stream.toString();
    }

    /** A JSON array. */
    public static String json(List<ObjectNode> documents) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        documents.forEach(all::add);
        return Documents.toJson(all);
    }
}
