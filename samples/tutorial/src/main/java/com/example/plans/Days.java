package com.example.plans;

import io.syncline.client.TriggerEvent;
import io.syncline.client.TriggerSender;
import java.time.LocalDate;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The source of the plans: a day's plans and the message that says so are one transaction. */
@RestController
class Days {

    private final JdbcClient jdbc;
    private final TriggerSender triggers;

    Days(JdbcClient jdbc, TriggerSender triggers) {
        this.jdbc = jdbc;
        this.triggers = triggers;
    }

    @PostMapping("/days/{day}")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Transactional
    public void publish(@PathVariable LocalDate day) {
        jdbc.sql("delete from plan where business_day = ?")
                .param(day.toString())
                .update();
        jdbc.sql("insert into plan values (?, 'basic', 5), (?, 'family', 12), (?, 'travel', 20)")
                .params(day.toString(), day.toString(), day.toString())
                .update();
        triggers.send(new TriggerEvent(
                "/plans", "plans-" + day, "com.example.plans.ready", day.toString(), null, null, Map.of("plans", 3)));
    }
}
