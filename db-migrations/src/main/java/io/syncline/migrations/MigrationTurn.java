package io.syncline.migrations;

import java.util.function.IntSupplier;

/** Of several nodes that start at once one applies scripts at a time. */
@FunctionalInterface
interface MigrationTurn {

    /** Where the database has locks of its own for this, Flyway takes them. */
    MigrationTurn LEFT_TO_FLYWAY = IntSupplier::getAsInt;

    int take(IntSupplier migration);
}
