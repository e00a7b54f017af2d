package io.syncline.scheduler.catalog;

import java.net.URI;

/** Which addresses the platform may call; implemented by the room that calls them. */
public interface ApprovedOrigins {

    /** Whether scheme, host and port of this URL are approved; says nothing about where its name resolves to. */
    boolean approved(URI url);
}
