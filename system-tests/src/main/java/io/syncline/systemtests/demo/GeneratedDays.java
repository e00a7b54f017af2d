package io.syncline.systemtests.demo;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/**
 * A believable small world in the layout of the real sets: two days, the second with additions, deletions and changes,
 * one file that stays the same to the byte. The same at every start.
 */
final class GeneratedDays {

    private static final long SEED = 20_260_105;
    private static final String[] COUNTRIES = {
        "AD|Andorra|EU", "BR|Brasil|SA", "CI|Côte d'Ivoire|AF", "DE|Deutschland|EU", "IS|Ísland|EU", "JP|日本|AS",
        "NA|Namibia|AF", "NO|Norge|EU", "PL|Polska|EU", "PT|Portugal|EU", "SE|Sverige|EU", "US|United States|NA"
    };
    private static final String[] SURFACES = {"ASPH", "CONC", "GRVL", "TURF", "WATER", "ASPH-G", ""};
    private static final String[] FREQUENCIES = {"TWR", "GND", "ATIS", "CTAF", "UNICOM", "A/D", "APP"};
    private static final String[] NAMES = {
        "Lågneset",
        "Saint-Étienne",
        "São Bento",
        "O\"Hara Field",
        "Łódź-Lublinek",
        "Kuopio",
        "Ærø",
        "Gran Canaria, West"
    };

    private final Random random = new Random(SEED);
    private final TreeMap<Integer, String[]> runways = new TreeMap<>();
    private final TreeMap<Integer, String[]> frequencies = new TreeMap<>();
    private final TreeMap<Integer, String[]> navaids = new TreeMap<>();
    private final TreeMap<Integer, String[]> regions = new TreeMap<>();
    private final TreeMap<Integer, String[]> countries = new TreeMap<>();
    private int lastId = 100_000;

    private GeneratedDays() {}

    /** Writes the days under {@code folder} and returns them. */
    static List<Day> write(Path folder) {
        var world = new GeneratedDays();
        world.begin();
        world.write(folder, "2026-01-05");
        world.change();
        world.write(folder, "2026-01-06");
        return Day.under(folder);
    }

    private void begin() {
        for (var country : COUNTRIES) {
            var parts = country.split("\\|");
            countries.put(nextId(), new String[] {
                parts[0], parts[1], parts[2], "https://example.org/wiki/" + parts[0], keywords(parts[1])
            });
            for (int i = 1; i <= 25; i++) {
                var code = "%02d".formatted(i);
                regions.put(nextId(), new String[] {
                    parts[0] + "-" + code, code, one(NAMES) + " " + i, parts[2], parts[0], "", keywords(one(NAMES))
                });
            }
        }
        for (int i = 0; i < 6_000; i++) {
            runways.put(nextId(), runway(i));
        }
        for (int i = 0; i < 4_000; i++) {
            frequencies.put(nextId(), frequency(i));
        }
        for (int i = 0; i < 1_500; i++) {
            navaids.put(nextId(), navaid(i));
        }
    }

    /** What a day does to the world; navaids stay as they are. */
    private void change() {
        for (int i = 0; i < 7; i++) {
            runways.remove(oneKey(runways));
        }
        for (int i = 0; i < 25; i++) {
            oneRow(runways)[2] = Integer.toString(300 + random.nextInt(12_000));
        }
        for (int i = 0; i < 40; i++) {
            runways.put(nextId(), runway(6_000 + i));
        }
        frequencies.remove(oneKey(frequencies));
        for (int i = 0; i < 6; i++) {
            oneRow(frequencies)[3] = "";
        }
        for (int i = 0; i < 12; i++) {
            frequencies.put(nextId(), frequency(4_000 + i));
        }
        oneRow(regions)[2] = "Renamed \"Région\", north";
        countries.firstEntry().getValue()[4] = "first, of all";
    }

    private String[] runway(int i) {
        var lit = random.nextInt(3) > 0;
        return new String[] {
            Integer.toString(5_000 + i / 2),
            airport(i / 2),
            Integer.toString(200 + random.nextInt(13_000)),
            random.nextInt(9) == 0 ? "" : Integer.toString(20 + random.nextInt(200)),
            one(SURFACES),
            lit ? "1" : "0",
            random.nextInt(40) == 0 ? "1" : "0",
            "%02d".formatted(1 + random.nextInt(18)),
            coordinate(90),
            coordinate(180),
            "",
            "",
            "",
            "%02d".formatted(19 + random.nextInt(18)),
            "",
            "",
            "",
            "",
            ""
        };
    }

    private String[] frequency(int i) {
        var type = one(FREQUENCIES);
        return new String[] {
            Integer.toString(5_000 + i / 2),
            airport(i / 2),
            type,
            random.nextInt(4) == 0 ? "" : type + " " + one(NAMES),
            String.format(Locale.ROOT, "%.3f", 118 + random.nextInt(760) * 0.025)
        };
    }

    private String[] navaid(int i) {
        var name = one(NAMES);
        return new String[] {
            name.replaceAll("[^\\p{L}]", "_") + "_NDB_" + i,
            "N" + i,
            name + " " + i,
            random.nextBoolean() ? "NDB" : "VOR-DME",
            Integer.toString(200 + random.nextInt(1_500)),
            coordinate(90),
            coordinate(180),
            random.nextInt(5) == 0 ? "" : Integer.toString(random.nextInt(9_000)),
            countryOf(i),
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            random.nextBoolean() ? "LO" : "BOTH",
            "MEDIUM",
            airport(i)
        };
    }

    private void write(Path folder, String date) {
        var day = folder.resolve("ourairports-daily").resolve(date);
        write(
                day,
                "runways",
                "\"id\",\"airport_ref\",\"airport_ident\",\"length_ft\",\"width_ft\",\"surface\",\"lighted\",\"closed\",\"le_ident\",\"le_latitude_deg\",\"le_longitude_deg\",\"le_elevation_ft\",\"le_heading_degT\",\"le_displaced_threshold_ft\",\"he_ident\",\"he_latitude_deg\",\"he_longitude_deg\",\"he_elevation_ft\",\"he_heading_degT\",\"he_displaced_threshold_ft\"",
                runways);
        write(
                day,
                "airport-frequencies",
                "\"id\",\"airport_ref\",\"airport_ident\",\"type\",\"description\",\"frequency_mhz\"",
                frequencies);
        write(
                day,
                "navaids",
                "\"id\",\"filename\",\"ident\",\"name\",\"type\",\"frequency_khz\",\"latitude_deg\",\"longitude_deg\",\"elevation_ft\",\"iso_country\",\"dme_frequency_khz\",\"dme_channel\",\"dme_latitude_deg\",\"dme_longitude_deg\",\"dme_elevation_ft\",\"slaved_variation_deg\",\"magnetic_variation_deg\",\"usageType\",\"power\",\"associated_airport\"",
                navaids);
        write(
                day,
                "regions",
                "\"id\",\"code\",\"local_code\",\"name\",\"continent\",\"iso_country\",\"wikipedia_link\",\"keywords\"",
                regions);
        write(day, "countries", "\"id\",\"code\",\"name\",\"continent\",\"wikipedia_link\",\"keywords\"", countries);
    }

    private static void write(Path day, String dataset, String header, TreeMap<Integer, String[]> rows) {
        try {
            Files.createDirectories(day);
            try (var file = Files.newOutputStream(day.resolve(dataset + ".csv.gz"));
                    var text = new OutputStreamWriter(new GZIPOutputStream(file), StandardCharsets.UTF_8)) {
                text.write(header + "\n");
                for (var row : rows.entrySet()) {
                    text.write(Integer.toString(row.getKey()));
                    for (var cell : row.getValue()) {
                        text.write(',');
                        writeCell(text, cell);
                    }
                    text.write('\n');
                }
            }
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    private static void writeCell(Writer text, String cell) throws IOException {
        if (!cell.isEmpty() && !cell.chars().allMatch(c -> Character.isDigit(c) || c == '.' || c == '-')) {
            text.write('"' + cell.replace("\"", "\"\"") + '"');
        } else {
            text.write(cell);
        }
    }

    private int nextId() {
        lastId += 1 + random.nextInt(7);
        return lastId;
    }

    private int oneKey(TreeMap<Integer, String[]> rows) {
        return new ArrayList<>(rows.keySet()).get(random.nextInt(rows.size()));
    }

    private String[] oneRow(TreeMap<Integer, String[]> rows) {
        return new ArrayList<>(rows.values()).get(random.nextInt(rows.size()));
    }

    private String one(String[] choice) {
        return choice[random.nextInt(choice.length)];
    }

    private String keywords(String name) {
        return random.nextInt(3) == 0 ? "" : name + ", \"" + name + "\"";
    }

    private String coordinate(int range) {
        return String.format(Locale.ROOT, "%.5f", (random.nextDouble() * 2 - 1) * range);
    }

    private static String countryOf(int i) {
        return COUNTRIES[i % COUNTRIES.length].substring(0, 2);
    }

    private static String airport(int i) {
        return countryOf(i) + "%04d".formatted(i);
    }
}
