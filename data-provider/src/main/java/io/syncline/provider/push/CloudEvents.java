package io.syncline.provider.push;

import io.syncline.contracts.ChangeEvent.Operation;
import io.syncline.provider.change.LoggedChange;
import io.syncline.provider.dataset.ProviderProperties;
import java.io.StringWriter;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** A change as a structured CloudEvent; its id is the change's own, however often and to whomever it is told. */
@Component
class CloudEvents {

    private final ProviderProperties properties;
    private final JsonMapper json;

    CloudEvents(ProviderProperties properties, JsonMapper json) {
        this.properties = properties;
        this.json = json;
    }

    String write(LoggedChange change) {
        var text = new StringWriter();
        try (var generator = json.createGenerator(text)) {
            generator.writeStartObject();
            generator.writeStringProperty("specversion", "1.0");
            generator.writeStringProperty("id", change.id());
            generator.writeStringProperty("source", properties.source());
            generator.writeStringProperty("type", type(change.operation()));
            generator.writeStringProperty("subject", change.dataset());
            generator.writeStringProperty("time", change.committedAt().toString());
            generator.writeStringProperty("partitionkey", change.key());
            generator.writeStringProperty("datacontenttype", "application/json");
            generator.writeName("data");
            change.write(generator);
            generator.writeEndObject();
        }
        return text.toString();
    }

    private static String type(Operation operation) {
        return switch (operation) {
            case CREATED -> "io.syncline.row.created";
            case UPDATED -> "io.syncline.row.updated";
            case DELETED -> "io.syncline.row.deleted";
        };
    }
}
