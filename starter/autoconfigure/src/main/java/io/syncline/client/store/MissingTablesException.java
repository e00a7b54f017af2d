package io.syncline.client.store;

/** The starter's tables are not there and may not be created. */
class MissingTablesException extends RuntimeException {

    private final String vendor;

    MissingTablesException(String vendor) {
        super("the tables of db/outbox/" + vendor + " are missing");
        this.vendor = vendor;
    }

    String vendor() {
        return vendor;
    }
}
