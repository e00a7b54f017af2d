package io.syncline.systemtests.bench;

import io.syncline.systemtests.load.CountingPostgres;
import io.syncline.systemtests.process.Ports;
import io.syncline.systemtests.process.Project;
import io.syncline.systemtests.process.Service;
import io.syncline.systemtests.process.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A service in a JVM of its own on a database that the benchmark fills; its heap is bounded, so its memory is. */
final class MeasuredService {

    private static final List<String> JVM = List.of("-Xms256m", "-Xmx256m", "-XX:MetaspaceSize=128m");

    private MeasuredService() {}

    /** @param more settings of this benchmark alone */
    static ServiceProcess start(Service service, SigningPlatform platform, String url, Map<String, String> more)
            throws IOException {
        return start(service, platform, url, more, List.of());
    }

    /**
     * @param more settings of this benchmark alone
     * @param moreJvm options of its JVM, after those that each has
     */
    static ServiceProcess start(
            Service service, SigningPlatform platform, String url, Map<String, String> more, List<String> moreJvm)
            throws IOException {
        var home = Files.createTempDirectory("syncline-bench");
        var settings = new LinkedHashMap<String, String>();
        settings.put("spring.datasource.url", url);
        settings.put("spring.datasource.username", CountingPostgres.USER);
        settings.put("syncline.home", home.toString());
        settings.put("syncline.database.migrate", "true");
        settings.put("syncline.client.platform-url", platform.url());
        settings.put("syncline.client.client-id", "bench");
        settings.putAll(more);
        var secrets = Map.of(
                "SPRING_DATASOURCE_PASSWORD",
                CountingPostgres.PASSWORD,
                "SYNCLINE_CLIENT_CLIENT_SECRET",
                "a-secret-of-the-bench-alone-0123");
        return ServiceProcess.start(
                service.module(),
                service.jar(Project.root()),
                Ports.anyFree(),
                jvm(service, moreJvm),
                settings,
                secrets,
                home);
    }

    private static List<String> jvm(Service service, List<String> moreJvm) throws IOException {
        var jvm = new ArrayList<>(JVM);
        jvm.addAll(moreJvm);
        var more = System.getenv("SYNCLINE_BENCH_JVM");
        if (more != null) {
            jvm.addAll(List.of(more.split(" ")));
        }
        return Bench.recorded(jvm, service.module());
    }

    static DataSource dataSource(String url) {
        var dataSource = new PGSimpleDataSource();
        dataSource.setUrl(url);
        dataSource.setUser(CountingPostgres.USER);
        dataSource.setPassword(CountingPostgres.PASSWORD);
        return dataSource;
    }
}
