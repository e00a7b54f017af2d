package io.syncline.systemtests.load;

import io.syncline.systemtests.csv.CsvTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * As many subscribers as asked for, in the layout of the provider's dataset {@code subscribers}: the same at every start.
 * Each has an id of its own, out of order, and the profile of a real subscriber where the published sample is at hand, or
 * else of a made-up one.
 */
public final class Subscribers {

    public static final List<String> COLUMNS = List.of(
            "customerID",
            "gender",
            "SeniorCitizen",
            "Partner",
            "Dependents",
            "tenure",
            "PhoneService",
            "MultipleLines",
            "InternetService",
            "OnlineSecurity",
            "OnlineBackup",
            "DeviceProtection",
            "TechSupport",
            "StreamingTV",
            "StreamingMovies",
            "Contract",
            "PaperlessBilling",
            "PaymentMethod",
            "MonthlyCharges",
            "TotalCharges",
            "Churn");

    /** How many ids there are: all words of five letters. */
    private static final int WORDS = 26 * 26 * 26 * 26 * 26;

    /** Has no common factor with the number of words, so no two subscribers get the same one. */
    private static final long STEP = 7_368_787;

    private static final String[] MADE_UP = {
        "Female,0,Yes,No,1,No,No phone service,DSL,No,Yes,No,No,No,No,Month-to-month,Yes,Electronic check,29.85,29.85,No",
        "Male,0,No,No,34,Yes,No,DSL,Yes,No,Yes,No,No,No,One year,No,Mailed check,56.95,1936.3,No",
        "Male,1,No,No,8,Yes,Yes,Fiber optic,No,No,Yes,No,Yes,Yes,Month-to-month,Yes,Electronic check,99.65,797.2,Yes",
        "Female,0,Yes,Yes,62,Yes,No,DSL,Yes,Yes,No,Yes,No,No,Two year,No,Bank transfer (automatic),61.2,3794.4,No",
        "Male,0,Yes,Yes,0,Yes,Yes,No,No internet service,No internet service,No internet service,No internet service,"
                + "No internet service,No internet service,Two year,No,Mailed check,25.75, ,No",
        "Female,1,No,No,25,Yes,No,Fiber optic,Yes,No,Yes,Yes,Yes,Yes,Month-to-month,Yes,Credit card (automatic),105.5,2637.5,No",
        "Male,0,No,Yes,16,Yes,No,No,No internet service,No internet service,No internet service,No internet service,"
                + "No internet service,No internet service,One year,No,Credit card (automatic),18.95,303.2,No"
    };

    /** How many numbers there are: all of twelve digits that begin with three zeros, as no real one does. */
    private static final int NUMBERS = 1_000_000_000;

    private final List<List<@Nullable String>> profiles;
    private final @Nullable List<String> firstNumbers;

    private Subscribers(List<List<@Nullable String>> profiles, @Nullable List<String> firstNumbers) {
        this.profiles = profiles;
        this.firstNumbers = firstNumbers;
    }

    /** With made-up profiles. */
    public static Subscribers madeUp() {
        var profiles = new ArrayList<List<@Nullable String>>();
        for (var profile : MADE_UP) {
            profiles.add(List.of(profile.split(",", -1)));
        }
        return new Subscribers(profiles, null);
    }

    /** @param file the published sample, compressed, whose columns are those of the dataset */
    public static Subscribers like(Path file) {
        var records = CsvTable.records(file);
        if (!records.get(0).equals(COLUMNS)) {
            throw new IllegalArgumentException("not the subscribers of the sample: " + records.get(0));
        }
        return new Subscribers(
                records.stream()
                        .skip(1)
                        .map(record -> record.subList(1, record.size()))
                        .toList(),
                null);
    }

    /**
     * The same people, known by their telephone numbers: the first ones by those that are given, all others by
     * {@link #number}.
     */
    public Subscribers withNumbers(List<String> first) {
        return new Subscribers(profiles, List.copyOf(first));
    }

    /** How many of them have given numbers. */
    public int given() {
        return firstNumbers == null ? 0 : firstNumbers.size();
    }

    /** The n-th generated number, from 0 on; no two are the same, and leading zeros matter. */
    public static String number(int number) {
        if (number < 0 || number >= NUMBERS) {
            throw new IllegalArgumentException("there are " + NUMBERS + " numbers: " + number);
        }
        // The step ends in neither an even digit nor 5, so no number comes twice.
        return "000%09d".formatted((number * STEP + 12_345) % NUMBERS);
    }

    /** The id of the n-th subscriber, from 0 on. */
    public static String id(int number) {
        if (number < 0 || number >= WORDS) {
            throw new IllegalArgumentException("there are " + WORDS + " subscribers: " + number);
        }
        int word = (int) ((number * STEP + 12_345) % WORDS);
        var id = new char[] {'0', '0', '0', '0', '-', 'A', 'A', 'A', 'A', 'A'};
        int digits = word % 10_000;
        for (int i = 3; i >= 0; i--) {
            id[i] += (char) (digits % 10);
            digits /= 10;
        }
        int letters = word;
        for (int i = 9; i >= 5; i--) {
            id[i] += (char) (letters % 26);
            letters /= 26;
        }
        return new String(id);
    }

    private String ownId(int number) {
        if (firstNumbers == null) {
            return id(number);
        }
        return number < firstNumbers.size() ? firstNumbers.get(number) : number(number - firstNumbers.size());
    }

    /** The n-th subscriber; a cell is null where the sample has none. */
    public @Nullable String[] row(int number) {
        var profile = profiles.get((int) (number * STEP % profiles.size()));
        var row = new @Nullable String[COLUMNS.size()];
        row[0] = ownId(number);
        for (int i = 1; i < row.length; i++) {
            row[i] = profile.get(i - 1);
        }
        return row;
    }
}
