package io.syncline.client.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.syncline.client.Reports;
import io.syncline.client.SyncResult;
import io.syncline.client.SyncTask;
import io.syncline.client.SyncWork;
import io.syncline.client.TriggerSender;
import io.syncline.client.webhook.WebhookVerifier;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** What a service that cannot work says when it is started: what is wrong, and what to do. */
@ExtendWith(OutputCaptureExtension.class)
class RefusedStartTest {

    private static final String PLATFORM = "--syncline.client.platform-url=http://127.0.0.1:1";
    private static final String SYSTEM = "--syncline.client.system=plans";

    @Test
    void withoutThePlatform(CapturedOutput output) {
        refused(OneTask.class, SYSTEM);

        says(
                output,
                "The property syncline.client.platform-url is not configured.",
                "Set syncline.client.platform-url in the configuration or SYNCLINE_CLIENT_PLATFORMURL in the environment");
    }

    @Test
    void withTasksAndNoSystem(CapturedOutput output) {
        refused(OneTask.class, PLATFORM);

        says(output, "The property syncline.client.system is not configured.", "Set syncline.client.system");
    }

    @Test
    void withASenderAndNoClient(CapturedOutput output) {
        refused(Sends.class, PLATFORM);

        says(output, "The property syncline.client.client-id is not configured.", "SYNCLINE_CLIENT_CLIENTID");
    }

    @Test
    void withAReceiverOfWebhooksAndNoSecret(CapturedOutput output) {
        refused(TakesWebhooks.class, PLATFORM);

        says(output, "The property syncline.client.webhook.secrets is not configured.", "Set syncline.client.webhook");
    }

    /** One of each property record and one of the framework's own; the rules themselves are tested without a service. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            system=Plans Service      | syncline.client.system is Plans Service    | Correct syncline.client.system
            sync.lease=15             | at least 1s (a number alone is milliseconds) | Correct syncline.client.sync.lease
            store.concurrency=0       | syncline.client.store.concurrency is 0     | Correct syncline.client.store.concurrency
            read-timeout=30s          | longer than syncline.client.read-timeout, which is PT30S | Correct syncline.client.store.lease
            webhook.secrets=whsec_x   | A secret of syncline.client.webhook.secrets cannot be used | whsec_ and base64
            sync.lease=soon           | is not a valid duration                    | Update your application's configuration
            """)
    void withAPropertyThatMakesNoSense(String property, String problem, String action, CapturedOutput output) {
        refused(OneTask.class, PLATFORM, "--syncline.client." + property);

        says(output, problem, action);
    }

    @Test
    void withTwoTasksOnOnePathWhateverItsVariablesAreCalled(CapturedOutput output) {
        refused(TwoTasks.class, PLATFORM, SYSTEM);

        says(
                output,
                "Two handlers take the path /sync/{",
                "TwoTasks.one",
                "TwoTasks.other",
                "Give one of them another path");
    }

    @Test
    void withATaskOnTheRouteOfAController(CapturedOutput output) {
        refused(TaskAndRoute.class, PLATFORM, SYSTEM);

        says(output, "The path /sync/plans of a sync handler is also a route of", "Give one of them another path.");
    }

    @Test
    void withAPathWithoutItsSlash(CapturedOutput output) {
        refused(NoSlash.class, PLATFORM, SYSTEM);

        says(output, "The path \"sync/plans\" of NoSlash.plans does not begin with a slash.", "/sync/plans");
    }

    @Test
    void withAPathThatCannotBeRead(CapturedOutput output) {
        refused(OpenBrace.class, PLATFORM, SYSTEM);

        says(output, "The path \"/sync/{dataset\" of OpenBrace.plans cannot be read", "/sync/{dataset}");
    }

    @Test
    void withAHandlerOfAnotherForm(CapturedOutput output) {
        refused(WrongForm.class, PLATFORM, SYSTEM);

        says(
                output,
                "The handler WrongForm.plans does not take one SyncWork and return SyncResult.",
                "Write it as SyncResult plans(SyncWork work).");
    }

    @Test
    void withTasksAndNoDatabase(CapturedOutput output) {
        refused(NoDatabase.class, PLATFORM, SYSTEM);

        says(
                output,
                "The sync handler NoDatabase.plans has no route",
                "there is no DataSource, or more than one and none is primary",
                "spring.datasource.url",
                "@Primary");
    }

    @Test
    void withTasksAndTwoDatabases(CapturedOutput output) {
        refused(TwoDatabases.class, PLATFORM, SYSTEM);

        says(output, "The sync handler TwoDatabases.plans has no route", "@Primary");
    }

    @Test
    void withASenderAndNoDatabase(CapturedOutput output) {
        refused(SendsWithoutDatabase.class, PLATFORM);

        says(
                output,
                "This service sends trigger messages, so it needs the bean TriggerSender",
                "spring.datasource.url");
    }

    @Test
    void withReportsAndTheStarterSwitchedOff(CapturedOutput output) {
        refused(ReportsAlone.class, "--syncline.client.enabled=false");

        says(output, "This service reports on its work, so it needs the bean Reports", "syncline.client.enabled=false");
    }

    @Test
    void withoutItsTables(CapturedOutput output) {
        refused(OneTask.class, PLATFORM, SYSTEM, "--syncline.client.store.create-tables=never");

        says(output, "The tables of the outbox and of the sync endpoint are missing.", "db/outbox/h2");
    }

    @Test
    void withADatabaseThatCannotBeReached(CapturedOutput output) {
        refused(
                OneTask.class,
                PLATFORM,
                SYSTEM,
                "--spring.datasource.url=jdbc:h2:tcp://127.0.0.1:1/nowhere",
                "--spring.datasource.hikari.connection-timeout=250");

        says(output, "The service's database cannot be reached:", "correct spring.datasource.url");
    }

    private static void refused(Class<?> service, String... arguments) {
        assertThat(catchThrowable(() -> start(service, arguments))).isNotNull();
    }

    private static void start(Class<?> service, String... arguments) {
        var all = new ArrayList<String>();
        all.add("--server.port=0");
        all.add("--server.address=127.0.0.1");
        all.add("--spring.main.banner-mode=off");
        all.add("--spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID() + ";MODE=Oracle");
        all.addAll(List.of(arguments));
        SpringApplication.run(service, all.toArray(String[]::new)).close();
    }

    /** In the report of the start alone, not in some stack trace. */
    private static void says(CapturedOutput output, String... parts) {
        assertThat(output).contains("APPLICATION FAILED TO START", "Description:", "Action:");
        var report = output.toString();
        assertThat(report.substring(report.lastIndexOf("APPLICATION FAILED TO START")))
                .contains(parts);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class OneTask {
        @SyncTask("/sync/plans")
        SyncResult plans(SyncWork work) {
            return SyncResult.completed();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class TwoTasks {
        @SyncTask("/sync/{dataset}")
        SyncResult one(SyncWork work) {
            return SyncResult.completed();
        }

        @SyncTask("/sync/{name}")
        SyncResult other(SyncWork work) {
            return SyncResult.completed();
        }
    }

    @RestController
    @EnableAutoConfiguration
    static class TaskAndRoute {
        @SyncTask("/sync/plans")
        SyncResult plans(SyncWork work) {
            return SyncResult.completed();
        }

        @PostMapping("/sync/plans")
        String route() {
            return "the other one";
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class NoSlash {
        @SyncTask("sync/plans")
        SyncResult plans(SyncWork work) {
            return SyncResult.completed();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class OpenBrace {
        @SyncTask("/sync/{dataset")
        SyncResult plans(SyncWork work) {
            return SyncResult.completed();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class WrongForm {
        @SyncTask("/sync/plans")
        String plans(String work) {
            return work;
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
    static class NoDatabase {
        @SyncTask("/sync/plans")
        SyncResult plans(SyncWork work) {
            return SyncResult.completed();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class TwoDatabases {
        @Bean
        DataSource one() {
            return new JdbcDataSource();
        }

        @Bean
        DataSource other() {
            return new JdbcDataSource();
        }

        @SyncTask("/sync/plans")
        SyncResult plans(SyncWork work) {
            return SyncResult.completed();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Sends {
        Sends(TriggerSender sender) {
            assertThat(sender).isNotNull();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
    static class SendsWithoutDatabase {
        SendsWithoutDatabase(TriggerSender sender) {
            assertThat(sender).isNotNull();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class ReportsAlone {
        ReportsAlone(Reports reports) {
            assertThat(reports).isNotNull();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class TakesWebhooks {
        TakesWebhooks(WebhookVerifier verifier) {
            assertThat(verifier).isNotNull();
        }
    }
}
