/**
 * Faults for tests: it makes the k-th call of a flow fail, over JDBC or at any other port, and tries every k. It is in no
 * service, and knows none.
 */
@NullMarked
package io.syncline.faults;

import org.jspecify.annotations.NullMarked;
