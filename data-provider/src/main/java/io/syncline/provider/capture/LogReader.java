package io.syncline.provider.capture;

import io.syncline.provider.dataset.Dataset;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Follows the database's log. */
interface LogReader {

    /**
     * Records what the log says until it is no longer to.
     *
     * @param tables by their name in the log
     * @param goesOn asked now and then: whether to go on
     * @throws RuntimeException when the log cannot be followed
     */
    void follow(JdbcCaptures.Claim claim, Map<String, Dataset> tables, BooleanSupplier goesOn);
}
