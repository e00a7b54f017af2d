package io.syncline.planted.there;

public class Back {
    io.syncline.planted.here.Cycle back() {
        return new io.syncline.planted.here.Cycle();
    }
}
