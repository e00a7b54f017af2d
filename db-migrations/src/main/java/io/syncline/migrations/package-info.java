/**
 * Brings a service's database schema to the version that its program needs, and refuses any other version.
 * It does not know what the tables mean, and it never changes a schema unless told to.
 */
@NullMarked
package io.syncline.migrations;

import org.jspecify.annotations.NullMarked;
