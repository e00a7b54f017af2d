/** A config server for tests. It lies outside of the scheduler's packages, so that no scan takes it for a part of them. */
package io.syncline.configserver;
