package io.syncline.systemtests.prove;

import io.syncline.systemtests.history.History;
import java.sql.SQLException;

/** Reads what is left in the tables of provider and consumers into the history, and changes nothing. */
final class DataAftermath {

    private static final String SHIPMENTS = """
            select 'provider' as service, kind as about, state, count(*) as messages, max(last_cause) as because
              from provider.outbox_message group by kind, state
            union all
            select 'consumer', kind, state, count(*), max(last_cause) from consumer.outbox_message group by kind, state""";

    private static final String REPORTS = """
            select payload::json ->> 'callbackId' as callback, split_part(replace(ordering_key, 'callback:', ''), '.', 1) as "taskRun",
                   cast(payload::json ->> 'attempt' as bigint) as attempt, payload::json ->> 'status' as report
              from consumer.outbox_message where kind = 'syncline.callback' and payload is not null""";

    private static final String JOBS = """
            select idempotency_key as key, split_part(idempotency_key, '.', 1) as "taskRun",
                   cast(split_part(idempotency_key, '.', 2) as bigint) as attempt, state, created_at as at
              from consumer.sync_job""";

    private static final String MERGES = """
            select j.as_of::text as version, f.file_no as file, sum(m.inserted_rows + m.updated_rows) as written,
                   max(f.actual_rows) as rows, max(f.expected_rows) as "rowsAgreed"
              from consumer.merge_commit m join consumer.sync_job j on j.job_id = m.job_id
              join consumer.sync_file f on f.job_id = m.job_id and f.file_name = m.file_name
             group by j.as_of, f.file_no""";

    private static final String CONTENTS = """
            select 'provider' as service, count(*) as rows, min(name) as first, max(name) as last,
                   md5(string_agg(id || '|' || code || '|' || name, ',' order by id)) as sum
              from provider.countries
            union all
            select 'consumer', count(*), min(name), max(name),
                   md5(string_agg(id || '|' || code || '|' || name, ',' order by id)) from consumer.countries""";

    private static final String CHANGES = """
            select dataset_name as dataset, dataset_seq as seq, event_id as event, row_key as key, committed_at as at
              from provider.change_event order by dataset_name, dataset_seq""";

    /** Counted anew from the provider's own rows, by nobody's code but this. */
    private static final String PEOPLE = """
            with people as (
              select u.user_id, u.name,
                     (select count(*) from provider.tweet t where t.author_id = u.user_id) as tweets,
                     (select count(*) from provider.follow f where f.follower_id = u.user_id) as following,
                     (select count(*) from provider.follow f where f.followed_id = u.user_id) as followers,
                     (select count(*) from provider.tweet_like l where l.author_id = u.user_id) as likes
                from provider.app_user u),
            seen as (
              select v.user_id, v.name, v.tweet_count as tweets, v.following_count as following,
                     v.follower_count as followers, v.like_count as likes
                from consumer.user_view v join consumer.live_view l on l.generation = v.generation and l.view_name = 'users')
            select coalesce(p.user_id, s.user_id) as user, coalesce(p::text = s::text, false) as same,
                   p::text as source, s::text as view
              from people p full join seen s on s.user_id = p.user_id""";

    private static final String LEFT = """
            select 'job ' || job_id || ' of a consumer is ' || state || ' and not cleaned up' as what from consumer.sync_job
             where cleaned = 0
            union all select 'rows of job ' || job_id || ' are staged' from consumer.stage_countries group by job_id
            union all select 'file ' || file_name || ' of job ' || job_id || ' is leased to ' || lease_owner
              from consumer.sync_file where lease_until > current_timestamp
            union all select 'dataset ' || dataset || ' is held by job ' || holder_job from consumer.dataset_state
             where holder_job is not null
            union all select 'a change of ' || dataset || ' is parked: ' || reason from consumer.parked_change
            union all select 'extract ' || extract_id || ' is ' || extract_state from provider.dataset_extract
             where extract_state not in ('READY', 'FAILED')
            union all select 'changes of ' || dataset_name || ' wait for their numbers' from provider.change_waiting
             group by dataset_name""";

    private static final String OPEN = """
            select (select count(*) from provider.outbox_message where state = 'PENDING')
                 + (select count(*) from consumer.outbox_message where state = 'PENDING')
                 + (select count(*) from consumer.sync_job where cleaned = 0)
                 + (select count(*) from provider.change_waiting)
                 + (select count(*) from provider.dataset_extract where extract_state not in ('READY', 'FAILED'))
                 + (select count(*) from provider.change_feed f join consumer.change_position p on p.dataset = f.dataset_name
                     where p.last_seq < f.last_seq)""";

    private final Postgres postgres;
    private final Tables tables;

    DataAftermath(Postgres postgres, History history) {
        this.postgres = postgres;
        this.tables = new Tables(history);
    }

    void read() throws SQLException {
        try (var connection = postgres.connectForSnapshot("prove")) {
            tables.read(connection, "shipment", SHIPMENTS);
            tables.read(connection, "report", REPORTS);
            tables.read(connection, "effect", JOBS);
            tables.read(connection, "merge", MERGES);
            tables.read(connection, "content", CONTENTS);
            tables.read(connection, "change", CHANGES);
            tables.read(connection, "person", PEOPLE);
            tables.read(connection, "leftover", LEFT);
            connection.rollback();
        }
    }

    int open() throws SQLException {
        try (var connection = postgres.connect("prove");
                var statement = connection.createStatement();
                var row = statement.executeQuery(OPEN)) {
            row.next();
            return row.getInt(1);
        }
    }
}
