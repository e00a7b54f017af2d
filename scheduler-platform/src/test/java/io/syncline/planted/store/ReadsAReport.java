package io.syncline.planted.store;

import io.syncline.contracts.StatusReport;

class ReadsAReport {
    Object status(StatusReport report) {
        return report.status();
    }
}
