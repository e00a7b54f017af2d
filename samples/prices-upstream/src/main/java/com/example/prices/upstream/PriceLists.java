package com.example.prices.upstream;

import io.syncline.client.TriggerEvent;
import io.syncline.client.TriggerSender;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** The lists, and the messages about them: both are committed, or neither. */
@Repository
class PriceLists {

    private final JdbcClient jdbc;
    private final TriggerSender triggers;

    PriceLists(JdbcClient jdbc, TriggerSender triggers) {
        this.jdbc = jdbc;
        this.triggers = triggers;
    }

    Optional<PriceList> find(String day) {
        return jdbc.sql("select business_day, list_version, csv from price_list where business_day = ?")
                .param(day)
                .query((row, index) -> new PriceList(row.getString(1), row.getInt(2), row.getString(3)))
                .optional();
    }

    /** Publishing the same list again changes nothing and tells nobody. */
    @Transactional
    public PriceList publish(String day, String csv) {
        var known = find(day);
        if (known.isPresent() && known.get().csv().equals(csv)) {
            return known.get();
        }
        var list = new PriceList(day, known.map(PriceList::version).orElse(0) + 1, csv);
        store(list);
        // The same id for the same fact, so that a repeated message starts nothing twice. Messages of one day keep
        // their order.
        triggers.send(new TriggerEvent(
                "/prices",
                "prices-" + day + "-" + list.version(),
                "com.example.prices.published",
                day,
                null,
                "prices-" + day,
                Map.of("version", list.version(), "rows", list.rows())));
        return list;
    }

    private void store(PriceList list) {
        if (list.version() == 1) {
            jdbc.sql("insert into price_list (business_day, list_version, csv) values (?, ?, ?)")
                    .params(list.day(), list.version(), list.csv())
                    .update();
            return;
        }
        var changed = jdbc.sql(
                        "update price_list set list_version = ?, csv = ? where business_day = ? and list_version = ?")
                .params(list.version(), list.csv(), list.day(), list.version() - 1)
                .update();
        if (changed != 1) {
            throw new IllegalStateException("somebody else published " + list.day() + " at this moment");
        }
    }
}
