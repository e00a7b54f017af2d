/**
 * What the processes of a run did, as one list of events, and rules over it. Nothing in here knows the platform's classes: the
 * rules are read from the contract alone.
 */
@NullMarked
package io.syncline.systemtests.history;

import org.jspecify.annotations.NullMarked;
