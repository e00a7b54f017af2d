package io.syncline.provider.extract;

import io.syncline.contracts.ExtractManifest.ExtractFile;
import io.syncline.contracts.ExtractManifest.State;
import io.syncline.provider.store.JdbcTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The tables {@code dataset_extract} and {@code extract_file}. */
@Repository
class JdbcExtracts {

    private static final String SELECT = """
            select extract_id, dataset_name, extract_state, file_format, rows_per_file, as_of, row_count, fence,
                   expires_at, failure, changes_seq
              from dataset_extract
            """;

    private static final String LISTED = """
            select extract_id, dataset_name, extract_state, file_format, rows_per_file, as_of, row_count, created_at, ended_at,
                   expires_at, failure, requested_by
              from dataset_extract
            """;

    private static final String LIST = LISTED + """
             where extract_id < :before
             order by extract_id desc fetch first :limit rows only
            """;

    private static final String LIST_OF_DATASET = LISTED + """
             where extract_id < :before and dataset_name = :dataset
             order by extract_id desc fetch first :limit rows only
            """;

    private static final String LISTED_ONE = LISTED + " where extract_id = :id";

    private static final String SIZES = """
            select extract_id, count(*) as files, sum(byte_count) as bytes from extract_file
             where extract_id in (:ids) group by extract_id
            """;

    private static final String INSERT = """
            insert into dataset_extract (extract_id, dataset_name, extract_state, file_format, rows_per_file, as_of,
                   shareable, created_at, expires_at, fence, requested_by)
            values (:id, :dataset, 'PREPARING', :format, :rowsPerFile, :asOf, 1, :now, :expiresAt, 0, :by)
            """;

    private static final String FIND = SELECT + " where extract_id = :id";

    private static final String SAME = SELECT + """
             where dataset_name = :dataset and as_of = :asOf and file_format = :format and rows_per_file = :rowsPerFile
               and shareable = 1 and extract_state in ('PREPARING', 'READY') and expires_at > :now
             order by created_at desc
            """;

    private static final String KEEP = """
            update dataset_extract set expires_at = :expiresAt
             where extract_id = :id and shareable = 1 and extract_state in ('PREPARING', 'READY') and expires_at > :now
            """;

    private static final String OPEN = "select count(*) from dataset_extract where extract_state = 'PREPARING'";

    private static final String FREE = SELECT + """
             where extract_state = 'PREPARING' and (lease_until is null or lease_until < :now)
             order by created_at
            """;

    private static final String CLAIM = """
            update dataset_extract set lease_owner = :owner, lease_until = :until, fence = fence + 1
             where extract_id = :id and fence = :fence and extract_state = 'PREPARING'
               and (lease_until is null or lease_until < :now)
            """;

    private static final String RENEW = """
            update dataset_extract set lease_until = ?
             where extract_id = ? and fence = ? and lease_owner = ? and extract_state = 'PREPARING'
            """;

    private static final String GIVE_BACK = """
            update dataset_extract set lease_until = null
             where extract_id = :id and fence = :fence and extract_state = 'PREPARING'
            """;

    private static final String READY = """
            update dataset_extract
               set extract_state = 'READY', as_of = :asOf, row_count = :rows, changes_seq = :changesSeq, ended_at = :now, lease_until = null
             where extract_id = :id and fence = :fence and extract_state = 'PREPARING'
            """;

    private static final String FAILED = """
            update dataset_extract
               set extract_state = 'FAILED', failure = :failure, ended_at = :now, lease_until = null
             where extract_id = :id and fence = :fence and extract_state = 'PREPARING'
            """;

    private static final String DAMAGED = "update dataset_extract set shareable = 0 where extract_id = :id";

    private static final String INSERT_FILE = """
            insert into extract_file (extract_id, file_no, file_name, row_count, byte_count, sha256)
            values (?, ?, ?, ?, ?, ?)
            """;

    private static final String FILES = """
            select file_name, row_count, byte_count, sha256 from extract_file where extract_id = :id order by file_no
            """;

    private static final String FILE = """
            select file_name, row_count, byte_count, sha256 from extract_file
             where extract_id = :id and file_name = :name
            """;

    private static final String EXPIRED =
            SELECT + " where expires_at < :now and extract_state in ('READY', 'FAILED') order by expires_at";

    private static final String DELETE_FILES = "delete from extract_file where extract_id = :id";

    private static final String DELETE =
            "delete from dataset_extract where extract_id = :id and expires_at < :now and extract_state <> 'PREPARING'";

    private static final int SWEPT_AT_ONCE = 100;

    private final JdbcClient jdbc;
    private final JdbcTemplate template;

    JdbcExtracts(JdbcClient jdbc, JdbcTemplate template) {
        this.jdbc = jdbc;
        this.template = template;
    }

    /** @param by whoever asked for it first */
    void insert(Extract extract, String by, Instant now) {
        jdbc.sql(INSERT)
                .param("id", extract.id())
                .param("dataset", extract.dataset())
                .param("format", extract.format().name())
                .param("rowsPerFile", extract.rowsPerFile())
                .param("asOf", JdbcTimes.toJdbc(extract.asOf()))
                .param("now", JdbcTimes.toJdbc(now))
                .param("expiresAt", JdbcTimes.toJdbc(extract.expiresAt()))
                .param("by", by)
                .update();
    }

    /**
     * An extract as it is listed.
     *
     * @param rows once it is READY
     * @param requestedBy whoever asked for it first; null for one from before that was noted
     */
    record Listed(
            String extractId,
            String dataset,
            State state,
            FileFormat format,
            int rowsPerFile,
            Instant asOf,
            @Nullable Long rows,
            Instant createdAt,
            @Nullable Instant endedAt,
            Instant expiresAt,
            @Nullable String failure,
            @Nullable String requestedBy) {}

    /** What the files of an extract come to. */
    record Size(long files, long bytes) {

        static final Size NONE = new Size(0, 0);
    }

    /**
     * The newest first.
     *
     * @param before those that were asked for earlier than this id
     * @param dataset null: of all
     */
    List<Listed> list(String before, @Nullable String dataset, int limit) {
        var statement = jdbc.sql(dataset == null ? LIST : LIST_OF_DATASET)
                .param("before", before)
                .param("limit", limit);
        return (dataset == null ? statement : statement.param("dataset", dataset))
                .query(JdbcExtracts::listed)
                .list();
    }

    Optional<Listed> listed(String id) {
        return jdbc.sql(LISTED_ONE).param("id", id).query(JdbcExtracts::listed).optional();
    }

    /** By id; without those that have no file. */
    Map<String, Size> sizes(Collection<String> ids) {
        var sizes = new HashMap<String, Size>();
        if (!ids.isEmpty()) {
            jdbc.sql(SIZES).param("ids", ids).query((RowCallbackHandler) row ->
                    sizes.put(row.getString("extract_id"), new Size(row.getLong("files"), row.getLong("bytes"))));
        }
        return sizes;
    }

    Optional<Extract> find(String id) {
        return jdbc.sql(FIND).param("id", id).query(JdbcExtracts::read).optional();
    }

    /** An extract of the same content in the same shape that is kept until {@code expiresAt} from now on. */
    Optional<Extract> share(
            String dataset, Instant asOf, FileFormat format, int rowsPerFile, Instant now, Instant expiresAt) {
        var same = jdbc.sql(SAME)
                .param("dataset", dataset)
                .param("asOf", JdbcTimes.toJdbc(asOf))
                .param("format", format.name())
                .param("rowsPerFile", rowsPerFile)
                .param("now", JdbcTimes.toJdbc(now))
                .withMaxRows(1)
                .query(JdbcExtracts::read)
                .optional();
        return same.filter(extract -> jdbc.sql(KEEP)
                        .param("id", extract.id())
                        .param("expiresAt", JdbcTimes.toJdbc(expiresAt))
                        .param("now", JdbcTimes.toJdbc(now))
                        .update()
                == 1);
    }

    long open() {
        return jdbc.sql(OPEN).query(Long.class).single();
    }

    List<Extract> free(Instant now, int limit) {
        return jdbc.sql(FREE)
                .param("now", JdbcTimes.toJdbc(now))
                .withMaxRows(limit)
                .query(JdbcExtracts::read)
                .list();
    }

    /** @return the extract as its worker holds it now; empty when another worker was quicker */
    Optional<Extract> claim(Extract extract, String owner, Instant now, Instant until) {
        int claimed = jdbc.sql(CLAIM)
                .param("id", extract.id())
                .param("fence", extract.fence())
                .param("owner", owner)
                .param("now", JdbcTimes.toJdbc(now))
                .param("until", JdbcTimes.toJdbc(until))
                .update();
        return claimed == 1 ? find(extract.id()).filter(held -> held.fence() == extract.fence() + 1) : Optional.empty();
    }

    /** @return those that are still held */
    List<Extract> renew(Collection<Extract> held, String owner, Instant until) {
        var extracts = List.copyOf(held);
        var counts = template.batchUpdate(
                RENEW,
                extracts.stream()
                        .map(extract -> new Object[] {JdbcTimes.toJdbc(until), extract.id(), extract.fence(), owner})
                        .toList());
        var still = new ArrayList<Extract>();
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0) {
                still.add(extracts.get(i));
            }
        }
        return still;
    }

    void giveBack(Extract extract) {
        jdbc.sql(GIVE_BACK)
                .param("id", extract.id())
                .param("fence", extract.fence())
                .update();
    }

    /** In the caller's transaction. @return false when the worker no longer holds the extract */
    boolean ready(
            Extract extract, Instant asOf, long rows, List<ExtractFile> files, @Nullable Long changesSeq, Instant now) {
        int moved = jdbc.sql(READY)
                .param("id", extract.id())
                .param("fence", extract.fence())
                .param("asOf", JdbcTimes.toJdbc(asOf))
                .param("rows", rows)
                .param("changesSeq", changesSeq, Types.BIGINT)
                .param("now", JdbcTimes.toJdbc(now))
                .update();
        if (moved == 0) {
            return false;
        }
        var batch = new ArrayList<Object[]>();
        for (int i = 0; i < files.size(); i++) {
            var file = files.get(i);
            batch.add(new Object[] {extract.id(), i + 1, file.name(), file.rows(), file.bytes(), file.sha256()});
        }
        template.batchUpdate(INSERT_FILE, batch);
        return true;
    }

    boolean failed(Extract extract, String failure, Instant now) {
        return jdbc.sql(FAILED)
                        .param("id", extract.id())
                        .param("fence", extract.fence())
                        .param("failure", failure.length() > 1000 ? failure.substring(0, 1000) : failure)
                        .param("now", JdbcTimes.toJdbc(now))
                        .update()
                == 1;
    }

    /** Its files are no longer what the manifest says, so that no later request is given this extract. */
    void damaged(String id) {
        jdbc.sql(DAMAGED).param("id", id).update();
    }

    List<ExtractFile> files(String id) {
        return jdbc.sql(FILES).param("id", id).query(JdbcExtracts::file).list();
    }

    List<ExtractFile> firstFiles(String id, int most) {
        return jdbc.sql(FILES)
                .param("id", id)
                .withMaxRows(most)
                .query(JdbcExtracts::file)
                .list();
    }

    Optional<ExtractFile> file(String id, String name) {
        return jdbc.sql(FILE)
                .param("id", id)
                .param("name", name)
                .query(JdbcExtracts::file)
                .optional();
    }

    List<Extract> expired(Instant now) {
        return jdbc.sql(EXPIRED)
                .param("now", JdbcTimes.toJdbc(now))
                .withMaxRows(SWEPT_AT_ONCE)
                .query(JdbcExtracts::read)
                .list();
    }

    /** In the caller's transaction. @return false when it is not expired any more */
    boolean delete(String id, Instant now) {
        boolean deleted = jdbc.sql(DELETE)
                        .param("id", id)
                        .param("now", JdbcTimes.toJdbc(now))
                        .update()
                == 1;
        if (deleted) {
            jdbc.sql(DELETE_FILES).param("id", id).update();
        }
        return deleted;
    }

    private static Extract read(ResultSet row, int number) throws SQLException {
        var rows = row.getLong("row_count");
        var counted = !row.wasNull();
        var changesSeq = row.getLong("changes_seq");
        var logged = !row.wasNull();
        return new Extract(
                row.getString("extract_id"),
                row.getString("dataset_name"),
                State.valueOf(row.getString("extract_state")),
                FileFormat.valueOf(row.getString("file_format")),
                row.getInt("rows_per_file"),
                JdbcTimes.instant(row, "as_of"),
                counted ? rows : null,
                row.getInt("fence"),
                JdbcTimes.instant(row, "expires_at"),
                row.getString("failure"),
                logged ? changesSeq : null);
    }

    private static Listed listed(ResultSet row, int number) throws SQLException {
        var rows = row.getLong("row_count");
        var counted = !row.wasNull();
        return new Listed(
                row.getString("extract_id"),
                row.getString("dataset_name"),
                State.valueOf(row.getString("extract_state")),
                FileFormat.valueOf(row.getString("file_format")),
                row.getInt("rows_per_file"),
                JdbcTimes.instant(row, "as_of"),
                counted ? rows : null,
                JdbcTimes.instant(row, "created_at"),
                JdbcTimes.instantOrNull(row, "ended_at"),
                JdbcTimes.instant(row, "expires_at"),
                row.getString("failure"),
                row.getString("requested_by"));
    }

    private static ExtractFile file(ResultSet row, int number) throws SQLException {
        return new ExtractFile(
                row.getString("file_name"),
                row.getLong("row_count"),
                row.getLong("byte_count"),
                row.getString("sha256"));
    }
}
