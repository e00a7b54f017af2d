package io.syncline.client.store;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says how to get the missing tables. */
class MissingTablesFailureAnalyzer extends AbstractFailureAnalyzer<MissingTablesException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, MissingTablesException cause) {
        return new FailureAnalysis(
                "The tables of the outbox and of the sync endpoint are missing.",
                "Apply the scripts of db/outbox/" + cause.vendor()
                        + " (inside syncline-outbox) with your migrations, or set syncline.client.store.create-tables=always.",
                cause);
    }
}
