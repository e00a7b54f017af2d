package io.syncline.scheduler.catalog;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the member {@code auth} of a task or a system. */
final class AuthReader {

    private static final String KNOWN = Arrays.stream(AuthType.values())
            .filter(type -> type != AuthType.OF_SYSTEM)
            .map(AuthType::wire)
            .collect(Collectors.joining(", "));

    private AuthReader() {}

    static Auth read(Members from, Auth otherwise) {
        Members auth = from.object("auth", Set.of("type", "credential"));
        if (auth == null) {
            return otherwise;
        }
        if (!auth.has("type")) {
            auth.required("type");
        }
        String text = auth.text("type", 60);
        @Nullable AuthType type = text == null ? null : AuthType.ofWire(text).orElse(null);
        if (text != null && type == null) {
            auth.error("type", "must be one of " + KNOWN, DocumentError.INVALID);
        }
        if (type == null) {
            return otherwise;
        }
        if (!type.supported()) {
            auth.error(
                    "type",
                    "authentication by '" + text + "' is not supported by this version; use none or platform-jwt",
                    DocumentError.NOT_SUPPORTED);
            return otherwise;
        }
        if (auth.has("credential")) {
            auth.error("credential", "'" + text + "' takes no credential", DocumentError.INVALID);
        }
        return new Auth(type, null);
    }
}
