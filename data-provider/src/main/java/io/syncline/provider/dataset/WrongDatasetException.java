package io.syncline.provider.dataset;

import java.util.List;

/** The configuration of the datasets does not fit the database; the service refuses to start. */
class WrongDatasetException extends RuntimeException {

    WrongDatasetException(List<String> faults) {
        super("The datasets under syncline.provider.datasets cannot be served: " + String.join("; ", faults));
    }
}
