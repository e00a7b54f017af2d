package io.syncline.portal.platform;

import java.util.Map;

/**
 * The part of the platform's API that the portal reads, as the person whose request it is. Every method throws
 * {@link PlatformException}, and {@link SessionEndedException} when the person must sign in again.
 */
public interface Platform {

    /** One page of runs, newest first; {@code query} holds the API's own parameters, blank ones left out. */
    RunList runs(Map<String, String> query);

    RunView run(String runId);
}
