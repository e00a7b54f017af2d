package io.syncline.scheduler.security;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which passwords are taken (OWASP ASVS 5.0, 6.2): 12 to 128 characters, whatever they are, but none that is mostly made of
 * what everybody tries first: common passwords, keyboard rows, years, the product's name, the person's own.
 */
final class PasswordRules {

    static final int SHORTEST = 12;
    static final int LONGEST = 128;

    /** So much must be left when the guessable parts count as one character each. */
    private static final int FEWEST_OWN = 7;

    private static final int SHORTEST_CONTEXT = 3;
    private static final List<String> PRODUCT = List.of("syncline", "scheduler", "portal", "platform");

    private PasswordRules() {}

    /** What is wrong with it, if anything. */
    static @Nullable String fault(String password, Collection<String> context) {
        var length = password.codePointCount(0, password.length());
        if (length < SHORTEST) {
            return "is shorter than " + SHORTEST + " characters";
        }
        if (length > LONGEST) {
            return "is longer than " + LONGEST + " characters";
        }
        if (isGuessable(password, context)) {
            return "is too easy to guess: made of common words, rows of keys, names or repetitions";
        }
        return null;
    }

    /** As {@link #fault}, with the person's own words. */
    static @Nullable String fault(String password, User person) {
        var context = new ArrayList<String>();
        context.add(person.key());
        context.addAll(List.of(person.key().split("-")));
        context.addAll(List.of(person.name().split("[^\\p{L}\\p{N}]+")));
        var email = person.email();
        if (email != null) {
            context.addAll(List.of(email.split("[^\\p{L}\\p{N}]+")));
        }
        return fault(password, context);
    }

    private static boolean isGuessable(String password, Collection<String> context) {
        var words = new ArrayList<>(PRODUCT);
        context.stream()
                .map(word -> word.toLowerCase(Locale.ROOT))
                .filter(word -> word.length() >= SHORTEST_CONTEXT)
                .forEach(words::add);
        return effort(password.toLowerCase(Locale.ROOT), words) < FEWEST_OWN
                || effort(CommonPasswords.plain(password), words) < FEWEST_OWN;
    }

    /** The fewest pieces that the password falls into: guessable parts and single characters. */
    private static int effort(String text, List<String> context) {
        var pieces = new int[text.length() + 1];
        for (int end = 1; end <= text.length(); end++) {
            pieces[end] = pieces[end - 1] + 1;
            for (int start = 0; start < end - 1; start++) {
                if (pieces[start] + 1 < pieces[end] && isOnePiece(text, start, end, context)) {
                    pieces[end] = pieces[start] + 1;
                }
            }
        }
        return pieces[text.length()];
    }

    private static boolean isOnePiece(String text, int start, int end, List<String> context) {
        return CommonPasswords.isRun(text, start, end)
                || repeatsWhatWasBefore(text, start, end)
                || CommonPasswords.contains(text.substring(start, end))
                || context.stream().anyMatch(word -> word.length() == end - start && text.startsWith(word, start));
    }

    private static boolean repeatsWhatWasBefore(String text, int start, int end) {
        return end - start <= start && text.substring(0, start).contains(text.substring(start, end));
    }
}
