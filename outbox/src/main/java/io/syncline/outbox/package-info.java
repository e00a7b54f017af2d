/**
 * A transactional outbox over JDBC: messages are stored with the business change and delivered after its commit, in
 * order per key, at least once. It knows no transport and wires nothing by itself.
 */
@NullMarked
package io.syncline.outbox;

import org.jspecify.annotations.NullMarked;
