package io.syncline.provider.social;

import java.nio.file.Path;

/** A published file is not what it should be; what was loaded before it stays. */
class BadSampleException extends RuntimeException {

    BadSampleException(Path path, long line, String reason) {
        super(path.getFileName() + ", line " + line + ": " + reason);
    }
}
