package io.syncline.faults;

/** Throws what an interface does not declare, through a proxy whose methods do. */
final class Sneaky {

    private Sneaky() {}

    static RuntimeException thrown(Throwable failure) {
        throw Sneaky.<RuntimeException>as(failure);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> T as(Throwable failure) throws T {
        throw (T) failure;
    }
}
