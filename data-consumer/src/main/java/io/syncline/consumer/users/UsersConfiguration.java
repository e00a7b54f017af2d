package io.syncline.consumer.users;

import io.micrometer.core.instrument.MeterRegistry;
import io.syncline.client.Reports;
import io.syncline.client.TokenClient;
import io.syncline.consumer.changes.FeedProgress;
import io.syncline.consumer.provider.ProviderClient;
import io.syncline.consumer.provider.Spool;
import io.syncline.consumer.store.Transactions;
import io.syncline.consumer.sync.ConsumerProperties;
import java.util.UUID;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ViewProperties.class)
class UsersConfiguration {

    @Bean
    Freshness freshness(Transactions transactions, JdbcClient jdbc, ViewProperties properties, MeterRegistry meters) {
        var instance = "view-" + UUID.randomUUID().toString().substring(0, 8);
        return new Freshness(transactions, jdbc, instance, properties.freshness(), meters);
    }

    @Bean
    UserView userView(Transactions transactions, JdbcTemplate jdbc, Freshness freshness) {
        return new UserView(
                transactions, new JdbcGenerations(jdbc), new JdbcFacts(jdbc), new JdbcUserRows(jdbc), freshness);
    }

    @Bean
    JdbcUserReads userReads(JdbcTemplate jdbc) {
        return new JdbcUserReads(jdbc);
    }

    @Bean
    ViewClock viewClock(
            Transactions transactions,
            FeedProgress progress,
            Freshness freshness,
            ViewProperties properties,
            MeterRegistry meters) {
        return new ViewClock(transactions, progress, freshness, properties.measureEvery(), meters);
    }

    @Bean
    Rebuilds rebuilds(Transactions transactions, JdbcTemplate jdbc, FeedProgress progress, UserView view) {
        return new Rebuilds(
                transactions,
                new JdbcGenerations(jdbc),
                new JdbcGenerationSources(JdbcClient.create(jdbc)),
                progress,
                view);
    }

    @Bean
    @ConditionalOnBooleanProperty(name = "syncline.consumer.changes.enabled", matchIfMissing = true)
    RebuildWorker rebuildWorker(
            ConsumerProperties consumer,
            ViewProperties properties,
            JdbcTemplate jdbc,
            UserView view,
            FeedProgress progress,
            Rebuilds rebuilds,
            TokenClient tokens,
            Reports reports,
            JsonMapper json) {
        var steps = new RebuildSteps(
                view,
                new JdbcGenerations(jdbc),
                new JdbcGenerationSources(JdbcClient.create(jdbc)),
                new JdbcRecounts(jdbc, new JdbcUserRows(jdbc)),
                new JdbcViewComparisons(jdbc),
                progress,
                new ProviderClient(consumer.providerUrl(), consumer.readTimeout(), tokens, json),
                new Spool(consumer.spoolDir()),
                new ReconcileReports(reports),
                properties,
                "rebuild-" + UUID.randomUUID().toString().substring(0, 8));
        Runnable look = properties.rebuildWhenGone() ? rebuilds::openIfGone : () -> {};
        return new RebuildWorker(steps::work, look, properties.rebuildPoll());
    }
}
