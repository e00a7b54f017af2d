/**
 * The first page: what needs somebody now, what runs, what is due, how groups have done, and how the cluster is.
 * It decides nothing; the order and the counts are the platform's.
 */
@NullMarked
package io.syncline.portal.overview;

import org.jspecify.annotations.NullMarked;
