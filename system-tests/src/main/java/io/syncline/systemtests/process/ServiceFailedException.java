package io.syncline.systemtests.process;

import java.util.List;

/** A service ended or did not become ready; carries what it said last. */
public final class ServiceFailedException extends RuntimeException {

    private final List<String> lastLogLines;

    ServiceFailedException(String message, List<String> lastLogLines) {
        super(message);
        this.lastLogLines = List.copyOf(lastLogLines);
    }

    public List<String> lastLogLines() {
        return lastLogLines;
    }
}
