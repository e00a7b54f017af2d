package io.syncline.scheduler.security;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** How people of trusted issuers sign in, and which of their tokens have been shown. */
@Component
final class JdbcPeopleIssuers {

    private static final String FIND = """
            select client_id, user_claim, groups_claim, group_roles from people_issuer where issuer_key = :key
            """;

    private static final String DELETE = "delete from people_issuer where issuer_key = :key";

    private static final String INSERT = """
            insert into people_issuer (issuer_key, client_id, user_claim, groups_claim, group_roles)
            values (:key, :client, :userClaim, :groupsClaim, :groups)
            """;

    private static final JsonMapper JSON = new JsonMapper();

    private final JdbcClient jdbc;

    JdbcPeopleIssuers(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<PeopleIssuer> find(String issuerKey) {
        return jdbc.sql(FIND)
                .param("key", issuerKey)
                .query((row, number) -> new PeopleIssuer(
                        row.getString("client_id"),
                        row.getString("user_claim"),
                        row.getString("groups_claim"),
                        groups(row.getString("group_roles"))))
                .optional();
    }

    /** Puts these settings in the place of those that were; null takes them away. Within a transaction. */
    void put(String issuerKey, @Nullable PeopleIssuer settings) {
        jdbc.sql(DELETE).param("key", issuerKey).update();
        if (settings != null) {
            jdbc.sql(INSERT)
                    .param("key", issuerKey)
                    .param("client", settings.clientId())
                    .param("userClaim", settings.userClaim())
                    .param("groupsClaim", settings.groupsClaim())
                    .param("groups", JSON.writeValueAsString(settings.groupsView()))
                    .update();
        }
    }

    private static Map<String, PeopleIssuer.Rights> groups(@Nullable String text) {
        return text == null
                ? Map.of()
                : PeopleIssuer.groups(
                        JSON.readTree(text), ProblemException.of(500, "internal-error", "Internal error"));
    }
}
