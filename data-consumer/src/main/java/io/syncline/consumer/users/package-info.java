/**
 * User information as a view that is kept by changes: profiles and counters, one row a user. It reads nothing but its own
 * tables, and does not know how the changes come.
 */
@NullMarked
package io.syncline.consumer.users;

import org.jspecify.annotations.NullMarked;
