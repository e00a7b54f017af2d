package io.syncline.scheduler.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.syncline.scheduler.testing.Seeds;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HostFormPropertiesTest {

    private static final String CHARACTERS = "0123456789abcdefxXzA.:-_[]%@/ ";

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int i = random.nextInt(16); i > 0; i--) {
            text.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
        }
        return text.toString();
    }

    private static String number(long number, Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> "0x" + Long.toHexString(number);
            case 1 ->
                "0X" + "0".repeat(random.nextInt(3)) + Long.toHexString(number).toUpperCase(Locale.ROOT);
            case 2 -> "0" + Long.toOctalString(number);
            default -> Long.toString(number);
        };
    }

    @Test
    void theNormalSpellingIsItsOwn() {
        Seeds.each(20_000, random -> {
            var normal = HostForm.normalise(text(random));
            normal.ifPresent(host -> assertThat(HostForm.normalise(host)).contains(host));
        });
    }

    @Test
    void everySpellingOfAnAddressOfTheOldKindIsThatAddress() {
        Seeds.each(5_000, random -> {
            var bytes = new byte[4];
            random.nextBytes(bytes);
            long all = Integer.toUnsignedLong(java.nio.ByteBuffer.wrap(bytes).getInt());
            long first = all >> 24;
            long second = all >> 16 & 255;
            long third = all >> 8 & 255;
            var spelling = switch (random.nextInt(4)) {
                case 0 -> number(all, random);
                case 1 -> number(first, random) + "." + number(all & 0xff_ffff, random);
                case 2 -> number(first, random) + "." + number(second, random) + "." + number(all & 0xffff, random);
                default ->
                    number(first, random) + "." + number(second, random) + "." + number(third, random) + "."
                            + number(all & 255, random);
            };

            var normal = HostForm.normalise(spelling);

            assertThat(normal)
                    .as(spelling)
                    .contains(InetAddress.getByAddress(bytes).getHostAddress());
            assertThat(HostForm.isAddress(normal.orElseThrow())).isTrue();
        });
    }

    @Test
    void everySpellingOfAnAddressOfTheNewKindIsThatAddress() {
        Seeds.each(5_000, random -> {
            var bytes = new byte[16];
            random.nextBytes(bytes);
            for (int i = random.nextInt(16); i > 0; i--) {
                bytes[random.nextInt(16)] = 0;
            }
            var address = InetAddress.getByAddress(bytes).getHostAddress();
            var spelling = random.nextBoolean() ? address.toUpperCase(Locale.ROOT) : "[" + address + "]";

            assertThat(HostForm.normalise(spelling)).contains(address);
            assertThat(HostForm.address(address).getAddress()).hasSizeBetween(4, 16);
        });
    }
}
