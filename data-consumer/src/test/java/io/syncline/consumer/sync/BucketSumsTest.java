package io.syncline.consumer.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BucketSumsTest {

    private static final List<String> KEYS =
            IntStream.range(0, 20_000).mapToObj(Integer::toString).toList();

    private static byte[] hash(String content) {
        return new ContentHash().of(List.of(content));
    }

    private static BucketSums sums(List<String> keys) {
        var sums = new BucketSums();
        keys.forEach(key -> sums.add(key, hash("content of " + key)));
        return sums;
    }

    @Test
    void theSameRowsInAnyOrderDoNotDiffer() {
        var shuffled = new ArrayList<>(KEYS);
        Collections.shuffle(shuffled, new Random(1));

        assertThat(sums(KEYS).differing(sums(shuffled)).isEmpty()).isTrue();
        assertThat(sums(KEYS).rows()).isEqualTo(20_000);
    }

    @Test
    void aRowThatIsAbsentOtherOrThereTwiceShowsInItsBucketAlone() {
        var absent = sums(KEYS.subList(1, KEYS.size()));
        var other = sums(KEYS.subList(1, KEYS.size()));
        other.add("0", hash("something else"));
        var twice = sums(KEYS);
        twice.add("0", hash("content of 0"));

        for (var sums : List.of(absent, other, twice)) {
            assertThat(sums.differing(sums(KEYS)).stream()).containsExactly(BucketSums.bucket("0"));
        }
    }

    @Test
    void sumsCarryFromTheLowHalfToTheHighOne() {
        var most = new byte[16];
        Arrays.fill(most, (byte) 0xff);
        var one = new byte[16];
        one[15] = 1;
        var carried = new BucketSums();
        carried.add("a", most);
        carried.add("a", one);
        var zeros = new BucketSums();
        zeros.add("a", new byte[16]);
        zeros.add("a", new byte[16]);

        // 2^128 - 1 and 1 are 0: what is lost beyond the highest bit is lost on both sides.
        assertThat(carried.differing(zeros).isEmpty()).isTrue();
    }

    @Test
    void keysThatFollowEachOtherAreSpread() {
        var inBucket = new int[BucketSums.BUCKETS];
        KEYS.forEach(key -> inBucket[BucketSums.bucket(key)]++);

        assertThat(Arrays.stream(inBucket).max().orElseThrow()).isLessThan(60);
    }
}
