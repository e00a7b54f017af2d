package io.syncline.portal.signin;

import io.syncline.portal.platform.PersonSession;

/** What every principal here is, whichever way the person came. */
interface SignedIn {

    PersonSession session();
}
