package io.syncline.portal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What takes a recent sign-in leads through one, and what was filled in is sent on after it. */
class SignInAgainTest extends SignedInPages {

    private static final String RESET = "/settings/users/bo/reset";

    private void aPersonToReset() {
        PLATFORM.answers(
                "POST /api/v1/users/bo/reset",
                200,
                WatchSamples.user(", \"setUpCode\": \"ABCD-EFGH\", \"setUpCodeExpiresIn\": 86400"));
        PLATFORM.takesRecentSignIn("POST /api/v1/users/bo/reset");
        as("ada");
    }

    @Test
    void theFormWaitsForThePasswordAndIsSentOn() {
        aPersonToReset();

        var asked = send(RESET, RESET, "back", "/settings/users/bo", "reason", "forgot it");

        assertThat(asked.uri().getPath()).isEqualTo("/account/confirm");
        assertThat(asked.body()).contains("Sign in again", "what you filled in is kept", "href=\"/settings/users/bo\"");
        var done = browser.post(
                "/account/confirm", Browser.csrfOf(asked), "back=/settings/users/bo&password=" + FakePlatform.PASSWORD);
        assertThat(done.statusCode()).isEqualTo(200);
        assertThat(done.body()).contains("ABCD-EFGH", "It is not shown again");
    }

    @Test
    void aWrongPasswordIsSaidAndTheFormWaitsOn() {
        aPersonToReset();
        var asked = send(RESET, RESET, "reason", "forgot it");

        var wrong = browser.post("/account/confirm", Browser.csrfOf(asked), "back=/&password=guess");
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(wrong.body())
                .contains("The password is wrong.", "aria-invalid=\"true\"")
                .doesNotContain("guess");
        var empty = browser.post("/account/confirm", Browser.csrfOf(wrong), "back=/&password=");
        assertThat(empty.body()).contains("The password is needed.");
        var done = browser.post("/account/confirm", Browser.csrfOf(empty), "back=/&password=" + FakePlatform.PASSWORD);

        assertThat(done.body()).contains("ABCD-EFGH");
    }

    @Test
    void afterwardsFurtherChangesGoThrough() {
        aPersonToReset();
        var asked = send(RESET, RESET, "reason", "forgot it");
        browser.post("/account/confirm", Browser.csrfOf(asked), "back=/&password=" + FakePlatform.PASSWORD);

        assertThat(send(RESET, RESET, "reason", "forgot it").body()).contains("ABCD-EFGH");
    }

    @Test
    void whoHasSignedInJustNowIsSentBackAndNeverOffThePortal() {
        PLATFORM.answers("/api/v1/silences", 200, WatchSamples.silences());
        as("ada");

        assertThat(browser.get("/account/confirm?back=/alerts/silences").uri().getPath())
                .isEqualTo("/alerts/silences");
        var away = browser.getWithoutFollowing("/account/confirm?back=//evil.example.com");
        assertThat(away.headers().firstValue("Location").orElse("")).doesNotContain("evil");
    }
}
