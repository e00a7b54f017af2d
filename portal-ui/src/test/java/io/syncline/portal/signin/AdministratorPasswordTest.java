package io.syncline.portal.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AdministratorPasswordTest {

    @Test
    void eachGeneratedPasswordIsLongAndItsOwn() {
        var one = AdministratorPassword.from(null);
        var other = AdministratorPassword.from("");

        assertThat(one.generated()).isTrue();
        assertThat(one.text()).hasSize(20).isNotEqualTo(other.text());
    }

    @Test
    void aShortOrRepetitivePasswordIsRefusedWithoutBeingRepeated() {
        assertThatThrownBy(() -> AdministratorPassword.from("elevenchars"))
                .hasMessageContaining("SYNCLINE_PORTAL_ADMIN_PASSWORD")
                .hasMessageNotContaining("elevenchars");
        assertThatThrownBy(() -> AdministratorPassword.from("aaaaaaaaaaaaaaaa")).hasMessageContaining("too weak");
    }

    @Test
    void printingOneShowsNothing() {
        assertThat(AdministratorPassword.from("kettle-harbour-92").toString()).doesNotContain("kettle");
    }
}
