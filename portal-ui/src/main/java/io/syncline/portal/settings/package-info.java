/** People and their rights, trusted issuers, the platform's keys, and changes that wait for a second person. */
@NullMarked
package io.syncline.portal.settings;

import org.jspecify.annotations.NullMarked;
