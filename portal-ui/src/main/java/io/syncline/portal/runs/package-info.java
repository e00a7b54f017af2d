/**
 * The pages of runs: the list with its filters, one run with its tasks, and what people do to them.
 * What somebody does there goes through a page that asks first and tells what would change.
 */
@NullMarked
package io.syncline.portal.runs;

import org.jspecify.annotations.NullMarked;
