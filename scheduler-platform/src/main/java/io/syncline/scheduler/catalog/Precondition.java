package io.syncline.scheduler.catalog;

import io.syncline.scheduler.security.ProblemException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a writer believes about the resource: the headers If-Match and If-None-Match. Entity tags are strong and hold the
 * version number.
 */
public record Precondition(
        @Nullable String ifMatch, @Nullable String ifNoneMatch) {

    /** To be met before anything else about the body is looked at. */
    public void check(@Nullable Integer currentVersion) {
        if (ifMatch == null && ifNoneMatch == null) {
            throw ProblemException.of(428, "precondition-required", "A precondition is required")
                    .detail(
                            currentVersion == null
                                    ? "Send If-None-Match: * to create it."
                                    : "Send If-Match with the ETag of a GET, now " + etag(currentVersion) + ".");
        }
        if (ifNoneMatch != null
                && (currentVersion != null ? matches(ifNoneMatch, currentVersion) : !wellFormed(ifNoneMatch))) {
            throw conflict(currentVersion, "It exists already; send If-Match with its ETag to change it.");
        }
        if (ifMatch != null && (currentVersion == null || !matches(ifMatch, currentVersion))) {
            throw conflict(
                    currentVersion,
                    currentVersion == null
                            ? "It does not exist; send If-None-Match: * to create it."
                            : "It has changed since; read it again and repeat the change on the new version.");
        }
    }

    /** That exactly this version stands, or with null nothing. */
    public static Precondition ofVersion(@Nullable Integer version) {
        return version == null ? new Precondition(null, "*") : new Precondition(etag(version), null);
    }

    public static String etag(int version) {
        return "\"" + version + "\"";
    }

    private static boolean wellFormed(String header) {
        return header.trim().equals("*") || header.contains("\"");
    }

    private static boolean matches(String header, int version) {
        return header.trim().equals("*")
                || Arrays.stream(header.split(",")).anyMatch(tag -> tag.trim().equals(etag(version)));
    }

    private static ProblemException conflict(@Nullable Integer currentVersion, String detail) {
        ProblemException problem = ProblemException.of(
                        412, "version-conflict", "The resource is not in the expected version")
                .detail(detail);
        if (currentVersion != null) {
            problem.member("currentVersion", currentVersion).header("ETag", etag(currentVersion));
        }
        return problem;
    }
}
