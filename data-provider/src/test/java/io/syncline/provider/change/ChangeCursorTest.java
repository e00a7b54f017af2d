package io.syncline.provider.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangeCursorTest {

    @Test
    void aCursorIsReadBackByItsDatasetAlone() {
        var cursor = ChangeCursor.after("follows", 42);

        assertThat(ChangeCursor.read("follows", cursor)).hasValue(42);
        assertThat(ChangeCursor.read("likes", cursor)).isEmpty();
        assertThat(cursor).matches("[A-Za-z0-9_-]+");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1:follows:042",
                "1:follows:-1",
                "2:follows:1",
                "1:follows:9999999999999999999",
                "1:follows:1 "
            })
    void otherTextsAreNoCursor(String text) {
        var cursor = Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));

        assertThat(ChangeCursor.read("follows", cursor)).isEmpty();
        assertThat(ChangeCursor.read("follows", text)).isEmpty();
        assertThat(ChangeCursor.read("follows", "%" + text)).isEmpty();
    }
}
