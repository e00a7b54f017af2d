package io.syncline.portal.groups;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "03:30", "0 30 2 * * ?", "true", "Yes", "n", "16", "1e3", "0x1F", "1_000", "null", "~", "", " x", "x ",
                        "a: b",
                "a #b", "- a", "[a]", "{a}", "&a", "*a", "!a", "%a", "@a", "`a", "a,b", "2026-11-20", ".inf", "=", "<<",
                "line\nline\n", " indented\nless", "tab\there", "quote\"d", "it's", "ünï", "PT30S", "Europe/Berlin",
                        "/sync/a"
            })
    void everyTextComesBackAsTheTextThatItWas(String text) {
        var document = Documents.object().put("value", text);

        assertThat(Documents.ofYaml(Documents.yaml(document))).isEqualTo(document);
    }

    @Test
    void wordsStandWithoutQuotationMarksAndLinesAsABlock() {
        var document = Documents.object()
                .put("path", "/sync/plans")
                .put("time", "03:30")
                .put("request", "{\n  \"a\": 1\n}\n");

        assertThat(Documents.yaml(document))
                .isEqualTo("path: /sync/plans\ntime: \"03:30\"\nrequest: |\n  {\n    \"a\": 1\n  }\n");
    }

    @Test
    void whatThePlatformWouldNotReadIsNoDocument() {
        assertThat(Documents.ofYaml("a: 1\na: 2\n")).isNull();
        assertThat(Documents.ofYaml("a: 1\n---\nb: 2\n")).isNull();
        assertThat(Documents.ofYaml("[1]")).isNull();
        assertThat(Documents.ofYaml("")).isNull();
    }
}
