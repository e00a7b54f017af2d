package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.csv.CsvTable;
import io.syncline.systemtests.load.Subscribers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Files of calls in the consumers' inbox, and what the consumers made of them. */
final class EnrichedCalls {

    private static final int REAL_NUMBER = 11;

    private final Path home;

    EnrichedCalls(Path home) {
        this.home = home;
    }

    Path inbox() throws IOException {
        return Files.createDirectories(home.resolve("inbox"));
    }

    /** The numbers of the published calls that are a subscriber's: those of full length, in the order of the file. */
    static List<String> numbers(Path calls) {
        var numbers = new LinkedHashSet<String>();
        for (var call : CsvTable.records(calls)) {
            for (var number : List.of(String.valueOf(call.get(0)), String.valueOf(call.get(1)))) {
                if (number.length() == REAL_NUMBER) {
                    numbers.add(number);
                }
            }
        }
        return List.copyOf(numbers);
    }

    /** Subscribers with real profiles where the sample is at hand. */
    static Subscribers subscribers(List<String> firstNumbers) {
        var sample = SampleData.folder().resolve("telco-churn/Telco-Customer-Churn.csv.gz");
        return (Files.exists(sample) ? Subscribers.like(sample) : Subscribers.madeUp()).withNumbers(firstNumbers);
    }

    /** A file of the inbox as a trigger message names it. */
    Map<String, Object> named(String name, long rows) throws IOException {
        var file = inbox().resolve(name);
        return Map.of("name", name, "rows", rows, "bytes", Files.size(file), "sha256", sha256(file));
    }

    JsonNode manifest(String businessKey) throws IOException {
        return Http.JSON.readTree(Files.readAllBytes(folder(businessKey).resolve("manifest.json")));
    }

    /** The rows of all enriched files of a manifest, which are the files that it says they are. */
    List<List<String>> rows(String businessKey) throws IOException {
        var rows = new ArrayList<List<String>>();
        for (var file : manifest(businessKey).path("files")) {
            rows.addAll(rows(businessKey, file));
        }
        return rows;
    }

    List<List<String>> rows(String businessKey, JsonNode file) throws IOException {
        var path = folder(businessKey).resolve(file.path("name").asString());
        assertThat(sha256(path)).isEqualTo(file.path("sha256").asString());
        var records = CsvTable.records(path);
        assertThat(records).hasSize(file.path("rows").asInt() + 1);
        return records.subList(1, records.size());
    }

    private Path folder(String businessKey) {
        return home.resolve("enriched/calls").resolve(businessKey);
    }

    private static String sha256(Path file) throws IOException {
        try (var in = new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
