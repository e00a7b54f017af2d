/**
 * Reads the log of PostgreSQL for tables that nobody writes through this service, and records what it says in the change
 * log. It serves nothing itself.
 */
@NullMarked
package io.syncline.provider.capture;

import org.jspecify.annotations.NullMarked;
