package io.syncline.planted.run;

import java.time.Clock;

class TakesAClock {
    Clock clock() {
        return Clock.systemUTC();
    }
}
