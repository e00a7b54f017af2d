package io.syncline.client.store;

/** When the starter creates its tables itself, if they are missing. */
enum CreateTables {
    /** On H2 alone. */
    EMBEDDED,
    /** On every database; the service's user then needs the right to create tables. */
    ALWAYS,
    /** Never: the service's migrations do. */
    NEVER
}
