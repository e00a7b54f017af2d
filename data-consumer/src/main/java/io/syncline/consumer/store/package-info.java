/**
 * What the other rooms need of the database: its dialect, its clock, transactions, ids. It does not know what is stored.
 */
@NullMarked
package io.syncline.consumer.store;

import org.jspecify.annotations.NullMarked;
