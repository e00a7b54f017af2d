package io.syncline.systemtests.bench.peer;

/** Who makes the POST of a peer. */
enum PostClient {
    /** The client of the JDK, as an HTTP task is usually written. */
    JDK,
    /** The one that Syncline uses: Apache's asynchronous client with HTTP/1.1 and kept connections. */
    APACHE
}
