package io.syncline.systemtests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.syncline.systemtests.api.Http;
import io.syncline.systemtests.api.PortalVisitor;
import io.syncline.systemtests.process.Ports;
import io.syncline.systemtests.process.ServiceProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The portal's page of data in front of a real data provider and a real data consumer. */
class DataPageIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final Duration WITHIN = Duration.ofSeconds(20);
    private static final String PASSWORD = "violet-ferry-77-oxbow";

    @TempDir
    private static Path home;

    private static Stack stack;
    private static ServiceProcess provider;
    private static PortalVisitor ada;
    private static PortalVisitor li;

    @BeforeAll
    static void start() {
        stack = Stack.onH2(home);
        Stack.ready(stack.startNode());
        var platform = stack.platform();
        provider =
                stack.startProvider(platform.createClient("data-provider", "data-provider", List.of("triggers:write")));
        var consumer = stack.startConsumer(
                "consumer",
                Ports.anyFree(),
                platform.createClient("data-consumer", "data-consumer", List.of("callbacks:write", "data:read")),
                "syncline.consumer.provider-url=" + provider.url());
        var portal = stack.startPortal(
                platform.createClient("portal", null, List.of("runs:read")),
                "syncline.portal.data.provider-url=" + provider.url(),
                "syncline.portal.data.consumer-url=" + consumer.url(),
                "syncline.portal.data.answer-timeout=10s",
                "syncline.portal.data.client-id=portal-data",
                "syncline.portal.data.client-secret="
                        + platform.createClient("portal-data", null, List.of("runs:read")));
        platform.createPerson("ada", "Ada King", List.of("viewer"), List.of("*"), PASSWORD);
        platform.createPerson("li", "Li Mit", List.of("operator"), List.of("billing"), PASSWORD);
        Stack.ready(provider);
        Stack.ready(consumer);
        Stack.ready(portal);
        ada = new PortalVisitor(portal.url());
        ada.signIn("ada", PASSWORD);
        li = new PortalVisitor(portal.url());
        li.signIn("li", PASSWORD);
    }

    @AfterAll
    static void stop() throws IOException {
        stack.close();
    }

    private static String send(String method, String path, String type, String body) {
        return new Http(provider.url())
                .send(
                        method,
                        path,
                        Map.of("Authorization", "Bearer " + stack.platform().token(), "Content-Type", type),
                        body.getBytes(StandardCharsets.UTF_8),
                        WITHIN)
                .expect(200, 201)
                .text();
    }

    @Test
    void itSaysWhichSetsThereAreWhoReadsThemAndWhichExtractsExist() {
        send(
                "POST",
                "/datasets/countries/imports",
                "text/csv",
                "id,code,name,continent,wikipedia_link,keywords\n1,AD,Andorra-la-Bella,EU,,\n2,AE,Emirates,AS,,\n");
        send("POST", "/datasets/countries/extracts", "application/json", "{}");
        send("PUT", "/social/users/u1", "application/json", "{\"username\": \"hidden-name\"}");
        send(
                "PUT",
                "/subscriptions/crm",
                "application/json",
                "{\"dataset\": \"follows\", \"endpoint\": \"https://crm.example.com/hooks/path-of-its-own\"}");

        var page = await().atMost(SOON)
                .until(
                        () -> ada.get("/data").body(),
                        seen -> seen.contains("READY")
                                && seen.contains("FRESH")
                                && seen.contains("change 1, kept from 1"));

        assertThat(page)
                .contains("aria-label=\"countries, its extracts\"", "the provider&#39;s own")
                .contains("user view of users", "nothing behind", "copy at the consumer of countries", "none yet")
                .contains("subscription crm of follows", "crm.example.com", "/users/rebuilds")
                .doesNotContain("Andorra-la-Bella", "hidden-name", "path-of-its-own", "role=\"alert\"");
    }

    @Test
    void whoDoesNotReachAllGroupsSeesNothingOfIt() {
        var refused = li.get("/data");

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).contains("Your roles do not allow this").doesNotContain("countries");
    }
}
