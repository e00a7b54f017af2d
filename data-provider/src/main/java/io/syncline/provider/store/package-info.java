/**
 * What every room needs of the database: its vendor, its time, instants, ids. It holds no statement of any feature.
 */
@NullMarked
package io.syncline.provider.store;

import org.jspecify.annotations.NullMarked;
