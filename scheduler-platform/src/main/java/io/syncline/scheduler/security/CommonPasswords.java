package io.syncline.scheduler.security;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the passwords are made of that everybody tries first: words, numbers, rows of keys, runs. */
final class CommonPasswords {

    private static final int SHORTEST = 3;
    private static final Set<String> WORDS = read();
    private static final int LONGEST =
            WORDS.stream().mapToInt(String::length).max().orElse(0);

    private static final Pattern YEAR = Pattern.compile("(19|20)[0-9]{2}");

    private static final List<String> ROWS = List.of(
            "abcdefghijklmnopqrstuvwxyz",
            "01234567890",
            "qwertyuiop[]",
            "asdfghjkl;'",
            "zxcvbnm,./",
            "qwertzuiop",
            "yxcvbnm,.-",
            "azertyuiop",
            "qsdfghjklm",
            "wxcvbn",
            "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
            "qazwsxedcrfvtgbyhnujmikolp",
            "1q2w3e4r5t6y7u8i9o0p",
            "q1w2e3r4t5y6u7i8o9p0",
            "!@#$%^&*()_+",
            "!\"§$%&/()=");

    private CommonPasswords() {}

    static boolean contains(String lowerCase) {
        return lowerCase.length() <= LONGEST && WORDS.contains(lowerCase);
    }

    /** Whether this part is one character again and again, a year, or lies in a row of keys, forwards or backwards. */
    static boolean isRun(String text, int start, int end) {
        if (end - start < SHORTEST) {
            return false;
        }
        var part = text.substring(start, end);
        if (part.chars().distinct().count() == 1 || YEAR.matcher(part).matches()) {
            return true;
        }
        var reversed = new StringBuilder(part).reverse().toString();
        return ROWS.stream().anyMatch(row -> row.contains(part) || row.contains(reversed));
    }

    /** In lower case, with the signs that stand for letters turned back into them. */
    static String plain(String password) {
        var plain = new StringBuilder();
        for (var sign : password.toLowerCase(Locale.ROOT).toCharArray()) {
            plain.append(
                    switch (sign) {
                        case '0' -> 'o';
                        case '1', '!', '|' -> 'i';
                        case '3', '€' -> 'e';
                        case '4', '@' -> 'a';
                        case '5', '$' -> 's';
                        case '7' -> 't';
                        case '8' -> 'b';
                        case '9' -> 'g';
                        default -> sign;
                    });
        }
        return plain.toString();
    }

    private static Set<String> read() {
        try (var lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(resource(), "common-passwords.txt"), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .flatMap(line -> List.of(line.split("\\s+")).stream())
                    .filter(word -> word.length() >= SHORTEST)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static java.io.@Nullable InputStream resource() {
        return CommonPasswords.class.getResourceAsStream("common-passwords.txt");
    }
}
