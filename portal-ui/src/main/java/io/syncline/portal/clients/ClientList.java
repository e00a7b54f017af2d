package io.syncline.portal.clients;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of clients as the platform answers it. */
record ClientList(List<ClientView> items, @Nullable String nextCursor) {}
