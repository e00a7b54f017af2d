package io.syncline.portal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where one gets to by a part of a name, and how wide the rail is. */
class GoPageTest extends SignedInPages {

    @BeforeEach
    void things() {
        PLATFORM.answers("/api/v1/groups", 200, "{\"items\":[{\"key\":\"price-feed\"}],\"nextCursor\":null}");
        PLATFORM.answers(
                "/api/v1/systems", 200, "{\"items\":[{\"key\":\"crm\"},{\"key\":\"prices\"}],\"nextCursor\":null}");
    }

    @Test
    void pagesOfTheRailStandThereAndNothingIsAskedFor() {
        as("ada");

        var page = page("/go");

        assertThat(page).contains("href=\"/delivery\"", "12 places");
        assertThat(PLATFORM.requests()).noneMatch(request -> request.contains("/groups"));
    }

    @Test
    void aPartOfANameFindsPagesActionsGroupsAndSystems() {
        as("ada");

        assertThat(page("/go?q=price"))
                .contains("href=\"/groups/price-feed\"", "href=\"/systems/prices\"", "2 places")
                .doesNotContain("href=\"/systems/crm\"");
        assertThat(PLATFORM.requests()).contains("GET /api/v1/groups?text=price&limit=8");
        PLATFORM.answers("/api/v1/groups", 200, "{\"items\":[],\"nextCursor\":null}");
        assertThat(page("/go?q=create+CHANNEL")).contains("href=\"/alerts/channels/new\"", "1 place<");
        assertThat(page("/go?q=%3Cb%3Enothing"))
                .contains("Nothing is called that.")
                .doesNotContain("<b>nothing");
    }

    @Test
    void whoMayNotReadConfigurationStillGetsToPages() {
        PLATFORM.answers("/api/v1/groups", 403, "{\"detail\":\"No.\"}");
        PLATFORM.answers("/api/v1/systems", 403, "{\"detail\":\"No.\"}");
        as("ada");

        assertThat(page("/go?q=silence")).contains("href=\"/alerts/silences\"");
    }

    @Test
    void theRailIsNarrowWhereThatWasChosenAndNamesStay() {
        as("ada");
        assertThat(page("/go")).contains("class=\"house\"", "name=\"rail\" value=\"narrow\"");

        var narrow = send("/go", "/display", "rail", "narrow", "back", "/go?q=silence");

        assertThat(narrow.uri().toString()).endsWith("/go?q=silence");
        assertThat(narrow.body())
                .contains(
                        "class=\"house icons-alone\"",
                        "name=\"rail\" value=\"wide\"",
                        "aria-label=\"Show the names of pages\"")
                .contains("<span class=\"name\">Delivery</span>");
        assertThat(send("/go", "/display", "rail", "wide").body()).doesNotContain("house icons-alone");
    }
}
