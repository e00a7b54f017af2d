package io.syncline.migrations;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies and checks the scripts of one service. The outbox brings scripts and a history table of its own; where they
 * are on the class path they are applied and checked before the service's.
 */
public final class SchemaMigrations {

    private static final Logger LOG = LoggerFactory.getLogger(SchemaMigrations.class);
    private static final Pattern SERVICE = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    private SchemaMigrations() {}

    /** Brings the schema to the version of this program. Any number of nodes may do so at the same moment. */
    public static void migrate(DataSource dataSource, String service) {
        for (var part : parts(dataSource, service)) {
            var applied = part.migrate();
            LOG.info(
                    "Schema of service {} ({}): {} scripts applied, version {}",
                    service,
                    part.name(),
                    applied,
                    part.needed());
        }
    }

    /** @throws WrongSchemaException when the schema is older, newer or other than this program's scripts */
    public static void verify(DataSource dataSource, String service) {
        parts(dataSource, service).forEach(SchemaPart::verify);
    }

    /** Whether the schema has all scripts of this program; a newer program's schema has them too. */
    public static boolean covers(DataSource dataSource, String service) {
        return parts(dataSource, service).stream().allMatch(SchemaPart::covers);
    }

    /**
     * Makes the schema right or refuses, before anything uses it.
     *
     * @param migrate whether scripts may be applied; null: only on an embedded H2, where nobody else could
     */
    public static void prepare(DataSource dataSource, String service, @Nullable Boolean migrate) {
        boolean apply = migrate != null ? migrate : DatabaseVendor.of(dataSource) == DatabaseVendor.H2;
        if (apply) {
            migrate(dataSource, service);
        }
        verify(dataSource, service);
    }

    private static List<SchemaPart> parts(DataSource dataSource, String service) {
        if (!SERVICE.matcher(service).matches()) {
            throw new IllegalArgumentException(
                    "A service is named in lower case letters, digits and hyphens: " + service);
        }
        var vendor = DatabaseVendor.of(dataSource);
        var parts = new ArrayList<SchemaPart>();
        if (SchemaPart.isOnClassPath("outbox", vendor)) {
            parts.add(new SchemaPart(service, "outbox", "outbox_schema_history", dataSource, vendor));
        }
        if (!SchemaPart.isOnClassPath(service, vendor)) {
            throw new IllegalArgumentException(
                    "There are no scripts for service " + service + " on " + vendor.folder() + " (db/" + service + ")");
        }
        parts.add(new SchemaPart(service, service, "schema_history", dataSource, vendor));
        return parts;
    }
}
