package io.syncline.scheduler.security;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** Versions as strong entity tags, and the conditions that edits of configuration carry (RFC 9110, section 13). */
public final class EntityTags {

    private EntityTags() {}

    public static String of(int version) {
        return "\"" + version + "\"";
    }

    /**
     * Judges the conditions of a PUT: a new thing is put with {@code If-None-Match: *}, a change with {@code If-Match}.
     *
     * @param version the present version; null: there is no such thing
     */
    public static void requirePut(@Nullable Integer version, @Nullable String ifMatch, @Nullable String ifNoneMatch) {
        if (ifMatch == null && ifNoneMatch == null) {
            throw conditionMissing(
                    version == null
                            ? "Put a new thing with If-None-Match: *."
                            : "Put a change with If-Match and the ETag that you have read.");
        }
        if (ifNoneMatch != null && version != null && matches(ifNoneMatch, version)) {
            throw conditionFailed("There is one already.", version);
        }
        if (ifMatch != null) {
            requireMatch(version, ifMatch);
        }
    }

    /** Judges the condition of a DELETE or of another edit that must name the version it means. */
    public static void requireMatch(@Nullable Integer version, @Nullable String ifMatch) {
        if (ifMatch == null) {
            throw conditionMissing("Send If-Match with the ETag that you have read.");
        }
        if (version == null || !matches(ifMatch, version)) {
            throw conditionFailed("It was changed in the meantime; read it again.", version);
        }
    }

    /** The refusal of an edit that lost the race between reading and writing. */
    public static ProblemException lostRace(@Nullable Integer version) {
        return conditionFailed("It was changed in the meantime; read it again.", version);
    }

    private static boolean matches(String condition, int version) {
        return condition.strip().equals("*")
                || Arrays.stream(condition.split(",")).map(String::strip).anyMatch(of(version)::equals);
    }

    private static ProblemException conditionMissing(String detail) {
        return ProblemException.of(428, "precondition-required", "A precondition is required")
                .detail(detail);
    }

    private static ProblemException conditionFailed(String detail, @Nullable Integer version) {
        var problem = ProblemException.of(412, "version-conflict", "The resource is not in the expected version")
                .detail(detail);
        return version == null
                ? problem
                : problem.member("currentVersion", version).header(HttpHeaders.ETAG, of(version));
    }
}
