package io.syncline.scheduler.security;

import static io.syncline.scheduler.security.Role.ADMIN;
import static io.syncline.scheduler.security.Role.EDITOR;
import static io.syncline.scheduler.security.Role.OPERATOR;
import static io.syncline.scheduler.security.Role.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.security.PeopleIssuer.Rights;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PeopleIssuerTest {

    private static Rights group(Role role, String... labels) {
        return new Rights(Set.of(role), labels.length == 0 ? Labels.ALL : Labels.of(Set.of(labels)));
    }

    private static Rights together(Rights... groups) {
        return Rights.together(List.of(groups));
    }

    @Test
    void theSameRoleOfTwoGroupsReachesTheLabelsOfBoth() {
        assertThat(together(group(OPERATOR, "billing"), group(OPERATOR, "risk")))
                .isEqualTo(group(OPERATOR, "billing", "risk"));
    }

    @Test
    void aRoleNeverReachesFurtherThanTheGroupThatGivesIt() {
        assertThat(together(group(VIEWER), group(OPERATOR, "billing")))
                .isEqualTo(new Rights(Set.of(VIEWER, OPERATOR), Labels.of(Set.of("billing"))));
        assertThat(together(group(EDITOR, "billing", "risk"), group(OPERATOR, "risk", "sales")))
                .isEqualTo(new Rights(Set.of(EDITOR, OPERATOR), Labels.of(Set.of("risk"))));
    }

    @Test
    void aRoleThatAnotherIncludesNeitherNarrowsNorWidens() {
        assertThat(together(group(OPERATOR, "billing"), group(VIEWER, "stock")))
                .isEqualTo(new Rights(Set.of(OPERATOR, VIEWER), Labels.of(Set.of("billing"))));
        assertThat(together(group(ADMIN), group(OPERATOR, "billing")))
                .isEqualTo(new Rights(Set.of(ADMIN, OPERATOR), Labels.ALL));
        assertThat(together(group(OPERATOR), group(VIEWER, "billing")))
                .isEqualTo(new Rights(Set.of(OPERATOR, VIEWER), Labels.ALL));
    }

    @Test
    void rolesWithoutACommonLabelGiveNothing() {
        assertThat(together(group(EDITOR, "billing"), group(OPERATOR, "risk")).roles())
                .isEmpty();
        assertThat(together().roles()).isEmpty();
    }
}
