package io.syncline.client.test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** A Spring Boot application as a downstream under test, in this JVM, on a free port. */
public final class SpringDownstream implements Downstream {

    private final ConfigurableApplicationContext context;

    private SpringDownstream(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /**
     * Starts the application against the fake platform; short leases, so that a take-over can be waited for.
     *
     * @param properties of the application, such as its database, which must outlive it
     */
    public static SpringDownstream start(
            Class<?> application, FakePlatform platform, String system, Map<String, String> properties) {
        var arguments = new ArrayList<String>(List.of(
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--syncline.client.platform-url=" + platform.url(),
                "--syncline.client.system=" + system,
                "--syncline.client.sync.lease=2s",
                "--syncline.client.read-timeout=3s",
                "--syncline.client.store.lease=4s",
                "--syncline.client.sync.stop-within=1s",
                "--syncline.client.store.stop-within=1s"));
        properties.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        return new SpringDownstream(SpringApplication.run(application, arguments.toArray(String[]::new)));
    }

    public ConfigurableApplicationContext context() {
        return context;
    }

    @Override
    public String url() {
        return "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port");
    }

    /** Takes the database away first, so that nothing can be finished or given back on the way down. */
    @Override
    public void kill() {
        var dataSource = context.getBean(DataSource.class);
        if (dataSource instanceof AutoCloseable pool) {
            try {
                pool.close();
            } catch (Exception e) {
                throw new IllegalStateException("the database connections could not be closed", e);
            }
        }
        context.close();
    }

    @Override
    public void close() {
        context.close();
    }
}
