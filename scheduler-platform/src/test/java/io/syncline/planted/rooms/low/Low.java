package io.syncline.planted.rooms.low;

import io.syncline.planted.rooms.high.High;

public class Low {
    High high() {
        return new High();
    }
}
