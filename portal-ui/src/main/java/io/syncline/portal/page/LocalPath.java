package io.syncline.portal.page;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A page of this portal as path and query. What a browser could read as the address of another site ({@code //host},
 * {@code /\host}, a scheme, a control character that it drops) is none.
 */
public record LocalPath(String text) {

    private static final int LONGEST = 2000;

    public static Optional<LocalPath> of(@Nullable String candidate) {
        if (candidate == null || candidate.length() > LONGEST || !candidate.startsWith("/")) {
            return Optional.empty();
        }
        if (candidate.startsWith("//") || candidate.chars().anyMatch(LocalPath::isSuspicious)) {
            return Optional.empty();
        }
        try {
            var uri = new URI(candidate);
            var local = uri.getScheme() == null
                    && uri.getRawAuthority() == null
                    && uri.getRawPath() != null
                    && uri.normalize().getRawPath().equals(uri.getRawPath());
            return local ? Optional.of(new LocalPath(candidate)) : Optional.empty();
        } catch (URISyntaxException noAddress) {
            return Optional.empty();
        }
    }

    // Backslashes are slashes to browsers; tabs and line ends they leave out; the rest is not plain ASCII.
    private static boolean isSuspicious(int character) {
        return character <= ' ' || character == '\\' || character > '~';
    }
}
