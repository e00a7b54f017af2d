package io.syncline.systemtests.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/** A table of parcels, made by the database itself: the same rows in every run. */
final class Parcels {

    /** In a schema of its own, because a service lays out its tables in an empty one. */
    static final String SOURCE = "depot.parcel";

    static final List<String> COLUMNS = List.of(
            "id", "sender", "receiver", "street", "town", "status", "weight_kg", "price", "posted_on", "moved_at");

    private static final String CREATE = """
            create schema depot;
            create table depot.parcel (
                id        bigint primary key,
                sender    varchar(80) not null,
                receiver  varchar(80) not null,
                street    varchar(80),
                town      varchar(40) not null,
                status    varchar(20) not null,
                weight_kg numeric(8,3) not null,
                price     numeric(10,2),
                posted_on date not null,
                moved_at  timestamptz(3) not null
            )""";

    private static final String ROWS = """
            select n, 'Sender ' || md5(n::text), 'Receiver ' || md5((n * 7)::text),
                   case when n %% 10 = 0 then null else 'Street of the ' || (n %% 977) || ' lamps, ' || (n %% 250) end,
                   (array['Ålesund', 'Zürich', 'Paris', 'San José', 'Kraków', 'Lyon, Vieux'])[1 + n %% 6],
                   (array['POSTED', 'MOVING', 'DELIVERED', 'RETURNED'])[1 + n %% 4],
                   (n %% 30000) / 1000.0, case when n %% 20 = 0 then null else (n %% 9999) / 100.0 end,
                   date '2026-01-01' + (n %% 300)::int,
                   timestamptz '2026-01-01 06:00:00+00' + n %% 20000000 * interval '1 second'
              from generate_series(%d::bigint, %d::bigint) n""";

    private final String url;
    private final String user;
    private final String password;
    private final int rows;

    Parcels(String url, String user, String password, int rows) {
        this.url = url;
        this.user = user;
        this.password = password;
        this.rows = rows;
    }

    void create() throws SQLException {
        run(url, CREATE, "insert into depot.parcel " + ROWS.formatted(1, rows), "vacuum (analyze) depot.parcel");
    }

    /** Of a thousand rows eight are changed, one is deleted and one is new. */
    void changeOnePercent() throws SQLException {
        run(
                url,
                "update depot.parcel set status = 'LOST', moved_at = moved_at + interval '1 hour' where id % 1000 < 8",
                "delete from depot.parcel where id % 1000 = 500",
                "insert into depot.parcel " + ROWS.formatted(rows + 1, rows + rows / 1000),
                "vacuum (analyze) depot.parcel");
    }

    /** The table that a consumer keeps: all columns are text. */
    void createTarget(String database) throws SQLException {
        run(
                database,
                "create table parcel (%s, row_version bigint not null, updated_at timestamptz(6) not null, primary key (id))"
                        .formatted(texts()));
    }

    /** The consumer's staging table, with its key and its index. */
    void createStage(String database) throws SQLException {
        run(
                database,
                "create table stage_parcel (job_id varchar(36) not null, file_no integer not null, %s, primary key (job_id, id))"
                        .formatted(texts()),
                "create index ix_stage_parcel_file on stage_parcel (job_id, file_no)");
    }

    /** What somebody with psql alone would copy into: no index, and nothing in the log of the database. */
    void createPlainStage(String database) throws SQLException {
        run(database, "create unlogged table stage_parcel (%s)".formatted(texts()));
    }

    void checkpoint() throws SQLException {
        run(url, "checkpoint");
    }

    private static String texts() {
        return COLUMNS.stream()
                .map(column -> column.equals("id") ? "id varchar(255) not null" : column + " varchar(4000)")
                .collect(Collectors.joining(", "));
    }

    private void run(String database, String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database, user, password);
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
