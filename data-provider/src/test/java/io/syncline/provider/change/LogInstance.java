package io.syncline.provider.change;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.syncline.migrations.SchemaMigrations;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.Datasets;
import io.syncline.provider.dataset.ProviderProperties;
import io.syncline.provider.store.SqlDialect;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** The change log without the rest of the service: one instance over a database that others may share. */
public final class LogInstance implements AutoCloseable {

    public record Database(String url, String username, String password) {}

    private final ConfigurableApplicationContext context;

    /** @param datasets tables with the columns {@code id, mark, note}, named as the dataset */
    public LogInstance(Database database, Map<String, String> settings, String... datasets) {
        var all = new LinkedHashMap<String, String>();
        all.put("test.url", database.url());
        all.put("test.username", database.username());
        all.put("test.password", database.password());
        all.put("logging.level.root", "OFF");
        all.put("logging.level.com.zaxxer.hikari", "OFF");
        all.put("spring.main.banner-mode", "off");
        for (int i = 0; i < datasets.length; i++) {
            var prefix = "syncline.provider.datasets[" + i + "].";
            all.put(prefix + "name", datasets[i]);
            all.put(prefix + "table", datasets[i]);
            all.put(prefix + "columns", "id,mark,note");
            all.put(prefix + "key", "id");
            all.put(prefix + "changes", "true");
        }
        all.putAll(settings);
        context = new SpringApplicationBuilder(Parts.class)
                .web(WebApplicationType.NONE)
                .run(all.entrySet().stream()
                        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new));
    }

    public static void makeTables(Database database, String... names) {
        try (var pool = pool(database)) {
            SchemaMigrations.prepare(pool, "provider", true);
            for (var name : names) {
                new JdbcTemplate(pool)
                        .execute(
                                "create table " + name
                                        + " (id varchar(64) not null primary key, mark numeric(18) not null, note varchar(200))");
            }
        }
    }

    private static HikariDataSource pool(Database database) {
        var pool = new HikariDataSource();
        pool.setJdbcUrl(database.url());
        pool.setUsername(database.username());
        pool.setPassword(database.password());
        pool.setMaximumPoolSize(40);
        pool.setMinimumIdle(1);
        return pool;
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public Changes changes() {
        return bean(Changes.class);
    }

    public ChangeLog log() {
        return bean(ChangeLog.class);
    }

    public JdbcClient jdbc() {
        return bean(JdbcClient.class);
    }

    public Dataset dataset(String name) {
        return bean(Datasets.class).get(name);
    }

    /** As {@code required}, or {@code requires-new} and the like. */
    TransactionTemplate transaction(int propagation) {
        var template = new TransactionTemplate(bean(PlatformTransactionManager.class));
        template.setPropagationBehavior(propagation);
        return template;
    }

    public TransactionTemplate transaction() {
        return transaction(TransactionDefinition.PROPAGATION_REQUIRED);
    }

    /** All that is in the log, from its beginning. */
    public List<LoggedChange> all(String dataset) {
        return log().read(dataset, log().feed(dataset).first() - 1, 1_000_000, Long.MAX_VALUE);
    }

    /** A reader whose places are set by hand. */
    public Map<String, Long> places() {
        return bean(SettableReader.class).places;
    }

    /** So many of the next batches die after they gave their numbers, before they are committed. */
    void letSequencerDie(int times) {
        bean(DyingTransactions.class).deaths.set(times);
    }

    int deathsLeft() {
        return bean(DyingTransactions.class).deaths.get();
    }

    @Override
    public void close() {
        context.close();
    }

    @TestConfiguration(proxyBeanMethods = false)
    @EnableConfigurationProperties({ProviderProperties.class, ChangeProperties.class})
    @ComponentScan({"io.syncline.provider.change", "io.syncline.provider.dataset", "io.syncline.provider.store"})
    static class Parts {

        @Bean
        HikariDataSource dataSource(Environment environment) {
            return pool(new Database(
                    environment.getRequiredProperty("test.url"),
                    environment.getRequiredProperty("test.username"),
                    environment.getRequiredProperty("test.password")));
        }

        @Bean
        SqlDialect sqlDialect(DataSource dataSource) {
            return SqlDialect.of(dataSource);
        }

        @Bean
        JdbcTemplate jdbcTemplate(DataSource dataSource) {
            return new JdbcTemplate(dataSource);
        }

        @Bean
        JdbcClient jdbcClient(JdbcTemplate template) {
            return JdbcClient.create(template);
        }

        @Bean
        PlatformTransactionManager transactionManager(DataSource dataSource) {
            return new JdbcTransactionManager(dataSource);
        }

        @Bean
        DyingTransactions transactionTemplate(
                PlatformTransactionManager manager, JdbcTemplate jdbc, SqlDialect dialect) {
            return new DyingTransactions(manager, jdbc, dialect);
        }

        @Bean
        MeterRegistry meterRegistry() {
            return new SimpleMeterRegistry();
        }

        @Bean
        SettableReader settableReader() {
            return new SettableReader();
        }

        @Bean
        JsonMapper jsonMapper() {
            return JsonMapper.builder().build();
        }
    }

    static final class SettableReader implements KnownReader {

        private final Map<String, Long> places = new ConcurrentHashMap<>();

        @Override
        public String name() {
            return "settable";
        }

        @Override
        public Map<String, Long> places() {
            return places;
        }
    }

    /** Those of the sequencer die now and then; on PostgreSQL together with their connection. */
    static final class DyingTransactions extends TransactionTemplate {

        private final AtomicInteger deaths = new AtomicInteger();
        private final JdbcTemplate jdbc;
        private final SqlDialect dialect;

        DyingTransactions(PlatformTransactionManager manager, JdbcTemplate jdbc, SqlDialect dialect) {
            super(manager);
            this.jdbc = jdbc;
            this.dialect = dialect;
        }

        @Override
        public <T> T execute(TransactionCallback<T> action) {
            if (!Thread.currentThread().getName().equals("change-sequencer")) {
                return super.execute(action);
            }
            return super.execute(status -> {
                var result = action.doInTransaction(status);
                if (result instanceof Integer count
                        && count > 0
                        && deaths.get() > 0
                        && ThreadLocalRandom.current().nextInt(3) == 0) {
                    deaths.decrementAndGet();
                    if (dialect == SqlDialect.POSTGRESQL) {
                        jdbc.queryForList("select pg_terminate_backend(pg_backend_pid())");
                    }
                    throw new IllegalStateException("the sequencer dies in the middle of a batch");
                }
                return result;
            });
        }
    }
}
