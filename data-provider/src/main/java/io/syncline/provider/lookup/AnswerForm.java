package io.syncline.provider.lookup;

import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.problem.ProblemException;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;
import tools.jackson.databind.json.JsonMapper;

/** How an answer is written. */
enum AnswerForm {
    NDJSON(MediaType.parseMediaType("application/x-ndjson")),
    CSV(MediaType.parseMediaType("text/csv;charset=UTF-8"));

    private static final MediaType NDJSON_TOO = MediaType.parseMediaType("application/ndjson");

    private final MediaType type;

    AnswerForm(MediaType type) {
        this.type = type;
    }

    /**
     * The one that the caller likes best; NDJSON where it likes any.
     *
     * @param accept the header Accept
     * @throws ProblemException 406
     */
    static AnswerForm of(@Nullable String accept) {
        try {
            var types = MediaType.parseMediaTypes(accept);
            MimeTypeUtils.sortBySpecificity(types);
            types.sort((one, other) -> Double.compare(other.getQualityValue(), one.getQualityValue()));
            for (var wanted : types) {
                if (wanted.getQualityValue() > 0) {
                    if (wanted.includes(NDJSON.type) || wanted.includes(NDJSON_TOO)) {
                        return NDJSON;
                    }
                    if (wanted.isCompatibleWith(CSV.type)) {
                        return CSV;
                    }
                }
            }
            if (types.isEmpty()) {
                return NDJSON;
            }
        } catch (IllegalArgumentException unreadable) {
            // Answered below like a type that there is not.
        }
        throw ProblemException.of(406, "not-acceptable", "The answer does not come in such a media type")
                .detail("Accept is application/x-ndjson or text/csv");
    }

    String contentType() {
        return type.toString();
    }

    Answer open(Dataset dataset, OutputStream out, JsonMapper json) throws IOException {
        return switch (this) {
            case NDJSON -> new NdjsonAnswer(dataset, out, json);
            case CSV -> new CsvAnswer(dataset, out);
        };
    }
}
