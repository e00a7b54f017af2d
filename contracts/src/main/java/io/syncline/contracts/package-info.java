/**
 * The wire records that the platform and a downstream exchange: sync call, status report, callback answer, manifest.
 * It does not know HTTP, JSON libraries or databases; it needs the JDK alone.
 */
@NullMarked
package io.syncline.contracts;

import org.jspecify.annotations.NullMarked;
