package com.example.plans;

import io.syncline.client.SyncResult;
import io.syncline.client.SyncTask;
import io.syncline.client.SyncWork;
import io.syncline.contracts.Reconciliation;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/** Keeps a copy of the plans in step with the plans themselves, when the platform asks for it. */
@SpringBootApplication
public class PlansService {

    private final JdbcClient jdbc;

    public PlansService(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Runs again for the same key when the service died in the middle, so it replaces what it finds. */
    @SyncTask("/sync/plans")
    @Transactional
    public SyncResult copy(SyncWork work) {
        var day = work.request().businessKey();
        jdbc.sql("delete from plan_copy where business_day = ?").param(day).update();
        jdbc.sql("insert into plan_copy select business_day, plan_key, price from plan where business_day = ?")
                .param(day)
                .update();
        jdbc.sql("merge into plan_copied key (sync_key) values (?, ?)")
                .params(work.idempotencyKey(), day)
                .update();
        return SyncResult.completed(compare(day));
    }

    /** Complete means reconciled: this counts again what is there, rather than what was written. */
    private Reconciliation compare(String day) {
        return new Reconciliation(
                count("select count(*) from plan where business_day = ?", day),
                count("select count(*) from plan_copy where business_day = ?", day),
                count("""
                        select count(*) from plan p where business_day = ? and not exists (
                            select 1 from plan_copy c where c.business_day = p.business_day and c.plan_key = p.plan_key)""", day),
                count("""
                        select count(*) from plan_copy c where business_day = ? and not exists (
                            select 1 from plan p where p.business_day = c.business_day and p.plan_key = c.plan_key)""", day),
                count("""
                        select count(*) from plan p join plan_copy c
                            on c.business_day = p.business_day and c.plan_key = p.plan_key
                        where p.business_day = ? and p.price <> c.price""", day));
    }

    private long count(String sql, String day) {
        return jdbc.sql(sql).param(day).query(Long.class).single();
    }

    public static void main(String[] args) {
        SpringApplication.run(PlansService.class, args);
    }
}
