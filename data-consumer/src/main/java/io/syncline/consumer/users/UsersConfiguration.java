package io.syncline.consumer.users;

import io.syncline.consumer.changes.FeedProgress;
import io.syncline.consumer.store.Transactions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

@Configuration(proxyBeanMethods = false)
class UsersConfiguration {

    @Bean
    UserView userView(Transactions transactions, JdbcTemplate jdbc) {
        return new UserView(
                transactions,
                new JdbcGenerations(JdbcClient.create(jdbc)),
                new JdbcFacts(jdbc),
                new JdbcUserRows(jdbc),
                applied -> {});
    }

    @Bean
    JdbcUserReads userReads(JdbcTemplate jdbc) {
        return new JdbcUserReads(jdbc);
    }

    @Bean
    ViewClock viewClock(FeedProgress progress) {
        return new ViewClock(progress);
    }
}
