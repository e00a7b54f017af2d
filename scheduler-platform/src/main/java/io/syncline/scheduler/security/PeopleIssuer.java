package io.syncline.scheduler.security;

import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How people of a trusted issuer sign in with an id token (OpenID Connect Core 1.0).
 *
 * @param clientId the audience of id tokens for the portal
 * @param userClaim the claim that says who it is
 * @param groupsClaim the claim that holds the groups, as a list of texts
 * @param groups what members of a group may do; those of no group known here are not let in unless they have an account
 */
record PeopleIssuer(String clientId, String userClaim, String groupsClaim, Map<String, Rights> groups) {

    static final String EMAIL = "email";

    private static final Set<String> USER_CLAIMS = Set.of("sub", EMAIL, "preferred_username");
    private static final int LONGEST_CLIENT = 255;
    private static final int LONGEST_CLAIM = 63;
    private static final int LONGEST_GROUP = 255;
    private static final int MOST_GROUPS = 200;

    /** What a group gives its members. */
    record Rights(Set<Role> roles, Labels labels) {

        Rights {
            roles = Set.copyOf(roles);
        }

        /**
         * What several groups give together: all their roles, on the labels that each role is given for by some group, but
         * for roles that another one includes. A viewer of everything who operates billing is both on billing, and not an
         * operator of everything. Without roles when they have no label in common.
         */
        static Rights together(Collection<Rights> groups) {
            var reach = new EnumMap<Role, Labels>(Role.class);
            for (var group : groups) {
                group.roles().forEach(role -> reach.merge(role, group.labels(), Labels::and));
            }
            var common = Labels.ALL;
            for (var role : reach.entrySet()) {
                if (reach.keySet().stream().noneMatch(other -> includes(other, role.getKey()))) {
                    common = common.within(role.getValue());
                }
            }
            return common.reachesNothing() ? NONE : new Rights(reach.keySet(), common);
        }

        private static boolean includes(Role other, Role role) {
            return other != role && Scope.withIncluded(other.scopes()).containsAll(role.scopes());
        }

        private static final Rights NONE = new Rights(Set.of(), Labels.of(Set.of()));
    }

    PeopleIssuer {
        groups = Map.copyOf(groups);
    }

    /** @param node the member {@code people} of an issuer; null where there is none */
    static @Nullable PeopleIssuer of(@Nullable JsonNode node, ProblemException problem) {
        if (node == null || node.isNull()) {
            return null;
        }
        if (!node.isObject()) {
            problem.error("/people", "is no object", "type");
            return null;
        }
        var body = new JsonBody(node, problem, "/people");
        var clientId = body.text("clientId", LONGEST_CLIENT);
        var userClaim = body.optionalText("userClaim", LONGEST_CLAIM);
        if (userClaim != null && !USER_CLAIMS.contains(userClaim)) {
            body.error("/people/userClaim", "is not sub, email or preferred_username", "invalid-value");
        }
        var groupsClaim = body.optionalText("groupsClaim", LONGEST_CLAIM);
        var groups = groups(body.node("roles"), problem);
        body.tellUnknown();
        return new PeopleIssuer(
                clientId, userClaim == null ? "sub" : userClaim, groupsClaim == null ? "groups" : groupsClaim, groups);
    }

    static Map<String, Rights> groups(@Nullable JsonNode node, ProblemException problem) {
        var groups = new LinkedHashMap<String, Rights>();
        if (node == null) {
            return groups;
        }
        if (!node.isObject() || node.size() > MOST_GROUPS) {
            problem.error("/people/roles", "is no object of at most " + MOST_GROUPS + " groups", "type");
            return groups;
        }
        for (var entry : node.properties()) {
            var pointer = "/people/roles/" + ClientDocument.escaped(entry.getKey());
            if (entry.getKey().isBlank() || entry.getKey().length() > LONGEST_GROUP) {
                problem.error(pointer, "has a name of 1 to " + LONGEST_GROUP + " characters", "length");
            } else if (!entry.getValue().isObject()) {
                problem.error(pointer, "is no object", "type");
            } else {
                var body = new JsonBody(entry.getValue(), problem, pointer);
                var roles = UserDocument.roles(body.node("roles"), pointer + "/roles", body);
                var labels = UserDocument.labels(body.node("labels"), pointer + "/labels", body);
                UserDocument.requireAllLabels(roles, labels, pointer + "/labels", body);
                body.tellUnknown();
                groups.put(entry.getKey(), new Rights(roles, labels));
            }
        }
        return groups;
    }

    /** As it stands in documents. */
    Map<String, Object> view() {
        var view = new LinkedHashMap<String, Object>();
        view.put("clientId", clientId);
        view.put("userClaim", userClaim);
        view.put("groupsClaim", groupsClaim);
        if (!groups.isEmpty()) {
            view.put("roles", groupsView());
        }
        return view;
    }

    Map<String, Object> groupsView() {
        var view = new LinkedHashMap<String, Object>();
        for (var group : new TreeSet<>(groups.keySet())) {
            var rights = groups.get(group);
            if (rights != null) {
                view.put(
                        group,
                        Map.of(
                                "roles",
                                rights.roles().stream().sorted().map(Role::text).toList(),
                                "labels",
                                JdbcUsers.texts(rights.labels())));
            }
        }
        return view;
    }
}
