package com.example.prices.downstream;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The prices by day and article, and which version of a day's list they are. */
@Repository
class Prices {

    private static final int ROWS_A_STEP = 500;

    private final JdbcClient jdbc;

    Prices(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** 0 when the day was never loaded. */
    int version(String day) {
        return jdbc.sql("select list_version from price_load where business_day = ?")
                .param(day)
                .query(Integer.class)
                .optional()
                .orElse(0);
    }

    /**
     * Makes the day's prices those of the list, in one transaction.
     *
     * @param progress is told how many rows are done; what it throws rolls everything back
     */
    @Transactional
    public void load(String day, int version, Map<String, Integer> prices, LongConsumer progress) {
        jdbc.sql("delete from price where business_day = ?").param(day).update();
        long done = 0;
        for (var price : prices.entrySet()) {
            jdbc.sql("insert into price (business_day, article, cents) values (?, ?, ?)")
                    .params(day, price.getKey(), price.getValue())
                    .update();
            if (++done % ROWS_A_STEP == 0) {
                progress.accept(done);
            }
        }
        progress.accept(done);
        var changed = jdbc.sql("update price_load set list_version = ?, loads = loads + 1 where business_day = ?")
                .params(version, day)
                .update();
        if (changed == 0) {
            jdbc.sql("insert into price_load (business_day, list_version, loads) values (?, ?, 1)")
                    .params(day, version)
                    .update();
        }
    }

    /** What is there now. */
    Map<String, Integer> find(String day) {
        var prices = new HashMap<String, Integer>();
        jdbc.sql("select article, cents from price where business_day = ?")
                .param(day)
                .query(row -> {
                    prices.put(row.getString("article"), row.getInt("cents"));
                });
        return prices;
    }
}
