package io.syncline.planted.run;

import java.time.Instant;

class ReadsInstantNow {
    Instant due() {
        return Instant.now();
    }
}
