package io.syncline.provider.lookup;

import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.RowJson;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.json.JsonMapper;

/** One JSON object in each line. */
final class NdjsonAnswer implements Answer {

    private final RowJson rows;
    private final JsonGenerator json;

    NdjsonAnswer(Dataset dataset, OutputStream out, JsonMapper mapper) {
        this.rows = new RowJson(dataset.columns());
        this.json = mapper.writer().withRootValueSeparator("\n").createGenerator(out);
    }

    @Override
    public void row(@Nullable String[] cells) throws IOException {
        write(() -> rows.write(json, cells));
    }

    @Override
    public void notFound(String id) throws IOException {
        write(() -> {
            json.writeStartObject();
            json.writeStringProperty("id", id);
            json.writeBooleanProperty("found", false);
            json.writeEndObject();
        });
    }

    @Override
    public void end(long rows, long notFound) throws IOException {
        write(() -> {
            json.writeStartObject();
            json.writeBooleanProperty("_end", true);
            json.writeNumberProperty("rows", rows);
            json.writeNumberProperty("notFound", notFound);
            json.writeEndObject();
            json.writeRaw('\n');
            json.close();
        });
    }

    /** A caller that hung up is the same trouble in every form of answer. */
    private static void write(Runnable line) throws IOException {
        try {
            line.run();
        } catch (JacksonIOException gone) {
            throw gone.getCause();
        }
    }
}
