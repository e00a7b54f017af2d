package io.syncline.planted.here;

public class Cycle {
    io.syncline.planted.there.Back there() {
        return new io.syncline.planted.there.Back();
    }
}
