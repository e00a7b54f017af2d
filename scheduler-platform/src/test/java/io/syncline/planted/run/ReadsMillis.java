package io.syncline.planted.run;

class ReadsMillis {
    long due() {
        return System.currentTimeMillis();
    }
}
