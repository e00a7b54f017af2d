package io.syncline.provider.extract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ByteRangeTest {

    @Test
    void oneRangeIsReadInItsThreeForms() {
        assertThat(ByteRange.read("bytes=2-5", 10)).hasValue(new ByteRange(2, 4));
        assertThat(ByteRange.read("bytes=2-", 10)).hasValue(new ByteRange(2, 8));
        assertThat(ByteRange.read("bytes=-3", 10)).hasValue(new ByteRange(7, 3));
        assertThat(ByteRange.read("bytes=8-99", 10)).hasValue(new ByteRange(8, 2));
        assertThat(ByteRange.read("bytes=-99", 10)).hasValue(new ByteRange(0, 10));
    }

    @Test
    void aRangeBehindTheEndHasNoLength() {
        assertThat(ByteRange.read("bytes=10-", 10))
                .hasValueSatisfying(range -> assertThat(range.length()).isZero());
        assertThat(ByteRange.read("bytes=-0", 10))
                .hasValueSatisfying(range -> assertThat(range.length()).isZero());
    }

    @Test
    void whatIsNotOneRangeOfBytesIsIgnored() {
        assertThat(ByteRange.read(null, 10)).isEmpty();
        assertThat(ByteRange.read("bytes=0-1,3-4", 10)).isEmpty();
        assertThat(ByteRange.read("lines=0-1", 10)).isEmpty();
        assertThat(ByteRange.read("bytes=-", 10)).isEmpty();
        assertThat(ByteRange.read("bytes=5-2", 10)).isEmpty();
    }
}
