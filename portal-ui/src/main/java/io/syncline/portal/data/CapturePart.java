package io.syncline.portal.data;

import io.syncline.portal.page.StateMark;

/** The capture of a database's log, on the page. */
record CapturePart(StateMark mark, String datasets, String slot, String lag, String mostLag) {

    static CapturePart of(ProviderStatus.Capture capture) {
        return new CapturePart(
                Marks.ofCapture(capture),
                String.join(", ", capture.datasets()),
                capture.slot(),
                Sizes.bytes(capture.lagBytes()),
                Sizes.bytes(capture.mostLagBytes()));
    }
}
