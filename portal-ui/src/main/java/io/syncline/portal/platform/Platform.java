package io.syncline.portal.platform;

import java.util.Map;

/** The part of the platform's API that the portal reads. Every method throws {@link PlatformException}. */
public interface Platform {

    /** One page of runs, newest first; {@code query} holds the API's own parameters, blank ones left out. */
    RunList runs(Map<String, String> query);

    RunView run(String runId);
}
