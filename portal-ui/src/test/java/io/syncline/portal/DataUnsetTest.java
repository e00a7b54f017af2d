package io.syncline.portal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A portal that was told of no service with data. */
class DataUnsetTest extends SignedInPages {

    @Test
    void thePageSaysHowItIsSetUp() {
        as("ada");

        var page = page("/data");

        assertThat(page)
                .contains("The portal does not know where the data are", "SYNCLINE_PORTAL_DATA_PROVIDER_URL")
                .contains("data-copy=", "/api/v1/clients/portal-data", "aria-current=\"page\" data-key=\"data\"");
        assertThat(PLATFORM.requests()).isEmpty();
    }
}
