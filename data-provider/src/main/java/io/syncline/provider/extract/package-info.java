/**
 * Extracts: one consistent snapshot of a dataset, cut into immutable compressed files with a manifest, and their
 * download. It changes no dataset.
 */
@NullMarked
package io.syncline.provider.extract;

import org.jspecify.annotations.NullMarked;
