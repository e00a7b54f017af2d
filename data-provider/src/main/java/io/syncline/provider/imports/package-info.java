/**
 * New content for a dataset from a CSV body: read, checked, compared with the table, written in one transaction. It
 * cuts no extracts and decides on no schedule.
 */
@NullMarked
package io.syncline.provider.imports;

import org.jspecify.annotations.NullMarked;
