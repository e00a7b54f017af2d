package io.syncline.sample;

import io.syncline.client.SyncResult;
import io.syncline.client.SyncTask;
import io.syncline.client.SyncWork;
import io.syncline.contracts.Reconciliation;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A whole downstream: it copies a day's plans, once per idempotency key. */
@SpringBootApplication
public class SampleDownstream {

    private final JdbcClient jdbc;

    public SampleDownstream(JdbcClient jdbc) {
        this.jdbc = jdbc;
        jdbc.sql("create table if not exists plan_copy (sync_key varchar(200) primary key, business_day varchar(100))")
                .update();
    }

    @SyncTask("/sync/{dataset}")
    SyncResult copy(SyncWork work) {
        work.progress(0, 1, "days");
        jdbc.sql("insert into plan_copy select ?, ? where not exists (select 1 from plan_copy where sync_key = ?)")
                .params(work.idempotencyKey(), work.request().businessKey(), work.idempotencyKey())
                .update();
        return SyncResult.completed(new Reconciliation(1L, 1L, 0L, 0L, 0L));
    }

    public static void main(String[] args) {
        SpringApplication.run(SampleDownstream.class, args);
    }
}
