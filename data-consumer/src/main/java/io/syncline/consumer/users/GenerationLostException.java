package io.syncline.consumer.users;

/** Another instance works on the generation now; what this one was about to write is not written. */
class GenerationLostException extends RuntimeException {

    GenerationLostException(long generation) {
        super("generation " + generation + " of the view is worked on by another instance, or by nobody any more");
    }
}
