/** What goes wrong and who is told: alerts, silences, the groups' rules, and the channels. */
@NullMarked
package io.syncline.portal.alerts;

import org.jspecify.annotations.NullMarked;
