package io.syncline.provider.imports;

import io.syncline.provider.store.Sha256;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether two lots of rows are the same, duplicates counted and their order not: the number of the rows and the
 * sum of their hashes, so its size does not grow with them.
 */
final class Bag {

    private long rows;
    private BigInteger sum = BigInteger.ZERO;

    void add(@Nullable String[] cells) {
        var digest = Sha256.digest();
        for (var cell : cells) {
            // A cell's length stands before it, so that no two rows run together to the same bytes.
            var bytes = cell == null ? null : cell.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(4)
                    .putInt(bytes == null ? -1 : bytes.length)
                    .flip());
            if (bytes != null) {
                digest.update(bytes);
            }
        }
        rows++;
        sum = sum.add(new BigInteger(1, digest.digest()));
    }

    long rows() {
        return rows;
    }

    boolean isSameAs(Bag other) {
        return rows == other.rows && sum.equals(other.sum);
    }
}
