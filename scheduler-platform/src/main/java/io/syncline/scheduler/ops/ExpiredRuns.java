package io.syncline.scheduler.ops;

import io.syncline.scheduler.run.RunRetention;
import io.syncline.scheduler.security.Expiring;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Has the tables of room {@code run}, which knows nothing of this, purged with the others. */
@Configuration(proxyBeanMethods = false)
class ExpiredRuns {

    @Bean
    Expiring expiredMoves(RunRetention retention) {
        return retention::purgeJournal;
    }

    @Bean
    Expiring runsWhoseTimeIsOver(RunRetention retention) {
        return retention::purgeRuns;
    }
}
