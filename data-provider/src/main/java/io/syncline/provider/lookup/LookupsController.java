package io.syncline.provider.lookup;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.Datasets;
import io.syncline.provider.problem.ProblemException;
import io.syncline.provider.request.GzipBody;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** {@code POST /datasets/{name}/lookups}: ids in, rows out. */
@RestController
class LookupsController {

    private final Datasets datasets;
    private final Lookups lookups;
    private final LookupProperties properties;
    private final JsonMapper json;
    private final Places places;

    LookupsController(Datasets datasets, Lookups lookups, LookupProperties properties, JsonMapper json) {
        this.datasets = datasets;
        this.lookups = lookups;
        this.properties = properties;
        this.json = json;
        this.places = new Places(properties.atOnce(), properties.waiting(), properties.maxWait());
    }

    @PostMapping("/datasets/{name}/lookups")
    @Operation(
            summary = "The rows of many ids",
            description =
                    "One line for each distinct id: the rows that were found, in no order, then the ids without a row,"
                            + " then a last line with the counts. An answer without the last line was cut off.",
            requestBody =
                    @RequestBody(
                            required = true,
                            content = {
                                @Content(
                                        mediaType = "application/json",
                                        array = @ArraySchema(schema = @Schema(type = "string")),
                                        examples = @ExampleObject("[\"7590-VHVEG\", \"5575-GNVDE\"]")),
                                @Content(
                                        mediaType = "application/x-ndjson",
                                        schema = @Schema(type = "string"),
                                        examples = @ExampleObject("\"7590-VHVEG\"\n\"5575-GNVDE\"\n")),
                                @Content(
                                        mediaType = "text/plain",
                                        schema = @Schema(type = "string"),
                                        examples = @ExampleObject("7590-VHVEG\n5575-GNVDE\n"))
                            }))
    @ApiResponse(
            responseCode = "200",
            description = "the rows, as a stream",
            content = {
                @Content(mediaType = "application/x-ndjson", schema = @Schema(type = "string")),
                @Content(mediaType = "text/csv", schema = @Schema(type = "string"))
            })
    void find(@PathVariable String name, HttpServletRequest request, HttpServletResponse response) throws IOException {
        var form = BodyForm.of(request.getContentType());
        var encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        GzipBody.refuseOthers(encoding);
        var answerForm = AnswerForm.of(request.getHeader(HttpHeaders.ACCEPT));
        long maxBytes = properties.maxBytes().toBytes();
        if (request.getContentLengthLong() > maxBytes) {
            throw BoundedBody.tooLarge(maxBytes);
        }
        places.enter();
        try {
            var ids = ids(request, encoding, form, maxBytes);
            var dataset = datasets.get(name);
            if (!dataset.hasKey()) {
                throw ProblemException.of(404, "no-key", "This dataset has no key")
                        .detail("Its rows cannot be told apart; take an extract");
            }
            answer(dataset, AskedKeys.of(dataset, ids), answerForm, response);
        } finally {
            places.leave();
        }
    }

    private void answer(Dataset dataset, AskedKeys keys, AnswerForm form, HttpServletResponse response)
            throws IOException {
        places.takeTurn();
        try {
            response.setContentType(form.contentType());
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            lookups.answer(dataset, keys, form.open(dataset, response.getOutputStream(), json));
        } finally {
            places.endTurn();
        }
    }

    private List<String> ids(HttpServletRequest request, @Nullable String encoding, BodyForm form, long maxBytes)
            throws IOException {
        try (var body = new BoundedBody(GzipBody.decoded(request.getInputStream(), encoding), maxBytes)) {
            return AskedIds.read(body, form, properties.maxIds(), json);
        }
    }
}
