package io.syncline.consumer.sync;

import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * A table in a few kilobytes: its rows fall into buckets by key, and each bucket keeps how many they are and the sum of their
 * hashes, modulo 2^128. The order of the rows does not matter. Two tables that agree in a bucket have the same rows there.
 */
final class BucketSums {

    static final int BUCKETS = 4096;

    private final long[] rows = new long[BUCKETS];
    private final long[] high = new long[BUCKETS];
    private final long[] low = new long[BUCKETS];

    static int bucket(String key) {
        int hash = key.hashCode() * 0x9E3779B9; // neighbours are spread
        return hash >>> 20;
    }

    /** @param hash of the whole row, 16 bytes or more */
    void add(String key, byte[] hash) {
        int bucket = bucket(key);
        var bytes = ByteBuffer.wrap(hash);
        high[bucket] += bytes.getLong();
        long part = bytes.getLong();
        low[bucket] += part;
        if (Long.compareUnsigned(low[bucket], part) < 0) {
            high[bucket]++;
        }
        rows[bucket]++;
    }

    long rows() {
        long all = 0;
        for (long some : rows) {
            all += some;
        }
        return all;
    }

    /** The buckets whose rows are not those of the other table. */
    BitSet differing(BucketSums other) {
        var differing = new BitSet(BUCKETS);
        for (int i = 0; i < BUCKETS; i++) {
            differing.set(i, rows[i] != other.rows[i] || high[i] != other.high[i] || low[i] != other.low[i]);
        }
        return differing;
    }
}
