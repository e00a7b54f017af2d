package io.syncline.client.security;

import java.util.List;

/** The paths that the platform alone may call; the sync endpoint tells them. */
public interface SyncPaths {

    List<String> patterns();
}
