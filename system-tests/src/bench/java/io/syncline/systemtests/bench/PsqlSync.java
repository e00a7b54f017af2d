package io.syncline.systemtests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The same sync by hand: COPY out and gzip, COPY into a staging table, MERGE, a checksum of both sides. One process after
 * the other, save that a pipe's two ends run at the same moment, and that several files may be copied in at once.
 */
final class PsqlSync {

    private static final String OUT = """
            psql -qX -d "$SOURCE" -c "copy (select %s from %s order by id) to stdout (format csv)" \\
              | split -a 5 -d -l %d --filter='gzip > $FILE.csv.gz' - parcels-""";

    private static final String IN = """
            psql -qX -d "$TARGET" -c "truncate stage_parcel"
            ls parcels-*.csv.gz | xargs -P %d -I FILE bash -c \\
              'set -o pipefail; gzip -dc FILE | psql -qX -d "$TARGET" -c "copy stage_parcel from stdin (format csv)"'""";

    private static final String MERGE = """
            psql -qX -v ON_ERROR_STOP=1 -d "$TARGET" <<'SQL'
            analyze stage_parcel;
            begin;
            merge into parcel t using stage_parcel s on t.id = s.id
             when matched and (%2$s) is distinct from (%3$s)
                  then update set %4$s, row_version = t.row_version + 1, updated_at = now()
             when not matched then insert (%1$s, row_version, updated_at) values (%5$s, 1, now());
            delete from parcel t where not exists (select 1 from stage_parcel s where s.id = t.id);
            commit;
            SQL""";

    private static final String CHECKSUM = """
            sum="select count(*) || ' ' || sum(('x' || left(md5(concat_ws('|', %1$s)), 16))::bit(64)::bigint::numeric) from"
            from=$(psql -qAtX -d "$SOURCE" -c "$sum %2$s")
            to=$(psql -qAtX -d "$TARGET" -c "$sum parcel")
            [[ "$from" = "$to" ]] || { echo "source $from, target $to" >&2; exit 1; }""";

    private final Map<String, String> environment;
    private final Path folder;
    private final int rowsPerFile;
    private final int jobs;

    /**
     * @param source and {@code target} as psql connects to them
     * @param jobs files copied in at the same moment
     */
    PsqlSync(String source, String target, String user, String password, Path folder, int rowsPerFile, int jobs) {
        this.environment =
                Map.of("SOURCE", source, "TARGET", target, "PGUSER", user, "PGPASSWORD", password, "PGTZ", "UTC");
        this.folder = folder;
        this.rowsPerFile = rowsPerFile;
        this.jobs = jobs;
    }

    static boolean isPossible() {
        try {
            var process = new ProcessBuilder("bash", "-c", "command -v psql split gzip xargs")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    SyncTimes day() throws IOException, InterruptedException {
        var columns = String.join(", ", Parcels.COLUMNS);
        try {
            Files.createDirectories(folder);
            double extract = timed(OUT.formatted(columns, Parcels.SOURCE, rowsPerFile));
            double stage = timed(IN.formatted(jobs));
            double merge =
                    timed(MERGE.formatted(columns, each("t.%s"), each("s.%s"), each("%1$s = s.%1$s"), each("s.%s")));
            double checksum = timed(CHECKSUM.formatted(columns, Parcels.SOURCE));
            return new SyncTimes(extract, stage, merge, checksum, extract + stage + merge + checksum);
        } finally {
            deleteFiles();
        }
    }

    private static String each(String form) {
        return Parcels.COLUMNS.stream().map(form::formatted).collect(Collectors.joining(", "));
    }

    private double timed(String script) throws IOException, InterruptedException {
        var builder = new ProcessBuilder("bash", "-c", "set -euo pipefail\n" + script)
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        long start = System.nanoTime();
        var process = builder.start();
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IllegalStateException("psql's part ended with exit code " + exit + ":\n" + script);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private void deleteFiles() throws IOException {
        try (var files = Files.newDirectoryStream(folder)) {
            for (var file : files) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
