/**
 * People, their tweets, whom they follow and what they like: tables that this service writes itself, row by row, and
 * serves as datasets like any other.
 */
@NullMarked
package io.syncline.provider.social;

import org.jspecify.annotations.NullMarked;
