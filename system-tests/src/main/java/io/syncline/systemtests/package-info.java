/**
 * The whole system from outside: the demonstration and what the whole-system tests share with it.
 * Nothing in here is part of a service.
 */
@NullMarked
package io.syncline.systemtests;

import org.jspecify.annotations.NullMarked;
