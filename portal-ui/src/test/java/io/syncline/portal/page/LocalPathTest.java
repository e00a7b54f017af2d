package io.syncline.portal.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalPathTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/runs", "/runs?state=FAILED&from=2026-11-20T00:00:00Z", "/runs/019a?x=//evil.example"})
    void pagesOfThisPortalAreKept(String page) {
        assertThat(LocalPath.of(page)).map(LocalPath::text).contains(page);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "runs",
                "//evil.example",
                "///evil.example",
                "/\\evil.example",
                "\\\\evil.example",
                "/%zz",
                "https://evil.example/runs",
                "https:evil.example",
                "javascript:alert(1)",
                "/\t/evil.example",
                "/\n/evil.example",
                "/\u0000/evil",
                "\u2028//evil.example",
                "/runs\r\nSet-Cookie: a=b",
                "/runs/..//evil.example",
                "/./runs",
                "@evil.example"
            })
    void whatCouldLeadElsewhereIsNone(String page) {
        assertThat(LocalPath.of(page)).isEmpty();
    }

    @Test
    void nothingAndTooMuchAreNone() {
        assertThat(LocalPath.of(null)).isEmpty();
        assertThat(LocalPath.of("/" + "a".repeat(2000))).isEmpty();
    }
}
