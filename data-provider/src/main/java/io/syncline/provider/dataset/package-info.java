/**
 * Datasets: configured names over real tables, what is known of each, and single rows. It changes no content and cuts
 * no files.
 */
@NullMarked
package io.syncline.provider.dataset;

import org.jspecify.annotations.NullMarked;
