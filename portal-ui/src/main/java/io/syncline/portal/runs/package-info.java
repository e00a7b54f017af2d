/**
 * The pages of runs: the list with its filters, and one run with its tasks.
 * It does not change anything on the platform.
 */
@NullMarked
package io.syncline.portal.runs;

import org.jspecify.annotations.NullMarked;
