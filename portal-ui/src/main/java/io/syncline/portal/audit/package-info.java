/** Who did what: the audit log, its export, and the check of its chain. It changes nothing. */
@NullMarked
package io.syncline.portal.audit;

import org.jspecify.annotations.NullMarked;
