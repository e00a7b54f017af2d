package io.syncline.systemtests.bench;

import io.syncline.provider.DataProvider;
import io.syncline.provider.dataset.Dataset;
import io.syncline.provider.dataset.Datasets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The data provider in this JVM, so that what it does over HTTP and its bare statements share one pool and one heap. */
final class ProviderInside implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    ProviderInside(String platformUrl, Path home, Map<String, String> settings) {
        var arguments = new ArrayList<>(List.of(
                "--server.port=0",
                "--syncline.home=" + home,
                "--syncline.database.migrate=true",
                "--syncline.client.platform-url=" + platformUrl,
                "--syncline.client.client-id=bench",
                "--syncline.client.client-secret=a-secret-of-the-bench-alone-0123",
                "--logging.level.root=WARN"));
        settings.forEach((name, text) -> arguments.add("--" + name + "=" + text));
        context = SpringApplication.run(DataProvider.class, arguments.toArray(String[]::new));
    }

    String url() {
        return "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
    }

    DataSource dataSource() {
        return context.getBean(DataSource.class);
    }

    Dataset subscribers() {
        return context.getBean(Datasets.class).get("subscribers");
    }

    @Override
    public void close() {
        context.close();
    }
}
