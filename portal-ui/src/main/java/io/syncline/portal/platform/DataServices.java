package io.syncline.portal.platform;

import java.net.URI;
import java.util.Optional;

/**
 * The services that hold data, asked how they stand. They are asked by a client of the portal's own that may read that and
 * nothing else, not as the person: a person's token would give a service that was taken over the person's rights at the
 * platform. Whoever asks looks at the person's rights first.
 */
public interface DataServices {

    /** A service, and how people call it. */
    enum Service {
        PROVIDER("data provider"),
        CONSUMER("data consumer");

        private final String words;

        Service(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /** Where it is; empty when the portal was not told. */
    Optional<URI> address(Service service);

    /**
     * What it answers to a GET, read as JSON; members that {@code type} does not know are passed over.
     *
     * @throws PlatformException when there is no usable answer
     */
    <T> T ask(Service service, ApiCall call, Class<T> type);
}
