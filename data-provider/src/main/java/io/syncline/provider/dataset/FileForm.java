package io.syncline.provider.dataset;

import java.nio.charset.Charset;
import java.util.Set;

/**
 * How the files that are imported into a dataset say what they say.
 *
 * @param charset of their bytes; what is no character of it is refused, never replaced
 * @param nullTexts cells with one of these texts are null, as empty ones are, in quotes or not
 */
public record FileForm(Charset charset, Set<String> nullTexts) {

    public boolean isNull(String cell) {
        return cell.isEmpty() || nullTexts.contains(cell);
    }
}
