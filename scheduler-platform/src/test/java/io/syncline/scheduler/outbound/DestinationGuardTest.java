package io.syncline.scheduler.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationGuardTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "127.0.0.1., 127.0.0.1",
        "2130706433, 127.0.0.1",
        "0x7f000001, 127.0.0.1",
        "0x7F.1, 127.0.0.1",
        "0177.0.0.1, 127.0.0.1",
        "017700000001, 127.0.0.1",
        "127.1, 127.0.0.1",
        "127.0.1, 127.0.0.1",
        "0, 0.0.0.0",
        "[::ffff:127.0.0.1], 127.0.0.1",
        "[::ffff:7f00:1], 127.0.0.1",
        "[::1], 0:0:0:0:0:0:0:1",
        "[0:0:0:0:0:0:0:1], 0:0:0:0:0:0:0:1",
        "Consumer-1.Example.COM., consumer-1.example.com",
        "localhost, localhost",
    })
    void everySpellingOfAHostIsOneHost(String spelling, String normal) {
        assertThat(HostForm.normalise(spelling)).contains(normal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ".", "..", "a..b", "256.0.0.1", "1.2.3.4.5", "08.1.1.1", "4294967296", "0x1ffffffff", "[127.0.0.1]",
                "[::1%25eth0]", "[::1%eth0]", "::gg", "a b", "a/b", "user@host", "host\\evil", "ho%73t", "１２７.0.0.1",
                        "-a.b"
            })
    void whatIsNoHostIsRefused(String text) {
        assertThat(HostForm.normalise(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.0.1",
                "0.0.0.0",
                "0.1.2.3",
                "224.0.0.1",
                "239.255.255.255",
                "255.255.255.255",
                "240.0.0.1",
                "100.100.100.200",
                "192.0.0.192",
                "[fe80::1]",
                "[ff02::1]",
                "[::]",
                "[fd00:ec2::254]",
                "[::ffff:169.254.169.254]",
                "[64:ff9b::a9fe:a9fe]",
                "[2002:a9fe:a9fe::1]",
                "[::169.254.169.254]",
                "[::ffff:0:169.254.169.254]",
                "[64:ff9b:1:a9fe:a9:fe00:808:808]",
                "2852039166",
                "0xa9fea9fe",
                "[2001:0:4136:e378:8000:63bf:3fff:fdd2]"
            })
    void linkLocalMetadataMulticastAndUnspecifiedAreNeverCalled(String host) throws Exception {
        String normal = HostForm.normalise(host).orElseThrow();

        assertThat(AddressClass.of(HostForm.address(normal))).isEqualTo(AddressClass.NEVER);
        assertThatThrownBy(() -> Destination.parse("http://" + host + ":*"))
                .isInstanceOf(IllegalArgumentException.class);
        // not even behind an approved name
        DestinationGuard guard = guard(resolving(normal), "http://name.example.com:*");
        assertThatThrownBy(() -> guard.resolve(origin("http://name.example.com")))
                .isInstanceOf(RefusedDestinationException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.8.8.8",
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "100.64.0.1",
                "[::1]",
                "[fd12::1]",
                "[fc00::1]",
                "[fec0::1]",
                "[64:ff9b::10.0.0.1]",
                "[::ffff:0:127.0.0.1]",
                "[2002:0a00:0001::1]",
                "192.0.0.8",
                "198.18.0.1",
                "198.19.255.255"
            })
    void loopbackAndPrivateAreCalledOnlyWhenNamed(String host) throws Exception {
        String normal = HostForm.normalise(host).orElseThrow();
        DestinationGuard byName = guard(resolving(normal), "http://name.example.com:8080");
        DestinationGuard byAddress =
                guard(resolving(normal), "http://name.example.com:8080", "http://" + host + ":8080");
        DestinationGuard otherPort =
                guard(resolving(normal), "http://name.example.com:8080", "http://" + host + ":9090");

        assertThat(AddressClass.of(HostForm.address(normal))).isEqualTo(AddressClass.NAMED_ONLY);
        assertThatThrownBy(() -> byName.resolve(origin("http://name.example.com:8080")))
                .isInstanceOf(RefusedDestinationException.class)
                .hasMessageContaining("not approved");
        assertThatThrownBy(() -> otherPort.resolve(origin("http://name.example.com:8080")))
                .isInstanceOf(RefusedDestinationException.class);
        assertThat(byAddress.resolve(origin("http://name.example.com:8080"))).isEqualTo(HostForm.address(normal));
        assertThat(byAddress.approved(URI.create("http://" + host + ":8080"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "172.15.0.1",
                "172.32.0.1",
                "100.63.0.1",
                "100.128.0.1",
                "192.167.1.1",
                "192.0.1.1",
                "192.1.0.1",
                "198.17.0.1",
                "198.20.0.1",
                "[::ff00:0:7f00:1]",
                "[2606:4700::1]"
            })
    void publicAddressesNeedOnlyTheirEntry(String host) {
        assertThat(AddressClass.of(HostForm.address(HostForm.normalise(host).orElseThrow())))
                .isEqualTo(AddressClass.PUBLIC);
    }

    @Test
    void nothingIsApprovedUnlessItIsNamedBySchemeHostAndPort() {
        DestinationGuard none = guard(resolving("8.8.8.8"));
        DestinationGuard one = guard(resolving("8.8.8.8"), "https://api.example.com:8443");
        DestinationGuard anyPort = guard(resolving("8.8.8.8"), "http://127.0.0.1:*");

        assertThat(none.approved(URI.create("https://api.example.com:8443"))).isFalse();
        assertThat(one.approved(URI.create("https://api.example.com:8443/base")))
                .isTrue();
        assertThat(one.approved(URI.create("https://API.example.com.:8443"))).isTrue();
        assertThat(one.approved(URI.create("http://api.example.com:8443"))).isFalse();
        assertThat(one.approved(URI.create("https://api.example.com"))).isFalse();
        assertThat(one.approved(URI.create("https://api.example.com.evil.org:8443")))
                .isFalse();
        assertThat(one.approved(URI.create("https://api.example.com@evil.org:8443")))
                .isFalse();
        assertThat(one.approved(URI.create("https://evil.org:8443/api.example.com")))
                .isFalse();
        assertThat(anyPort.approved(URI.create("http://127.0.0.1:1"))).isTrue();
        assertThat(anyPort.approved(URI.create("http://2130706433:65535"))).isTrue();
        assertThat(anyPort.approved(URI.create("http://127.0.0.2:1"))).isFalse();
        assertThat(anyPort.approved(URI.create("http://localhost:1"))).isFalse();
        assertThat(anyPort.approved(URI.create("file:///etc/passwd"))).isFalse();
        assertThat(anyPort.approved(URI.create("gopher://127.0.0.1:1"))).isFalse();
    }

    @Test
    void anOriginIsWrittenAsAUrlIs() {
        assertThat(origin("https://API.example.com/x?y")).hasToString("https://api.example.com:443");
        assertThat(origin("http://[::1]:8080")).hasToString("http://[0:0:0:0:0:0:0:1]:8080");
    }

    @Test
    void mailServersAreDestinationsButNoWebOnes() {
        var mail = URI.create("smtp://mail.example.com");

        assertThat(DestinationGuard.origin(mail)).isEmpty();
        assertThat(DestinationGuard.anyOrigin(mail)).hasToString("Optional[smtp://mail.example.com:587]");
        assertThat(guard(resolving("8.8.8.8"), "smtp://mail.example.com:587").approved(mail))
                .isTrue();
        assertThat(DestinationGuard.anyOrigin(URI.create("smtps://mail.example.com")))
                .hasToString("Optional[smtps://mail.example.com:465]");
        assertThat(DestinationGuard.anyOrigin(URI.create("ftp://files.example.com")))
                .isEmpty();
    }

    @Test
    void anAddressIsNeverLookedUp() throws Exception {
        DestinationGuard guard = guard(
                host -> {
                    throw new AssertionError("looked up " + host);
                },
                "http://8.8.8.8:*",
                "http://[2606:4700::1]:*");

        assertThat(guard.resolve(origin("http://8.8.8.8:53"))).isEqualTo(HostForm.address("8.8.8.8"));
        assertThat(guard.resolve(origin("http://[2606:4700::1]"))).isEqualTo(HostForm.address("2606:4700::1"));
    }

    @Test
    void aNameWithoutAnAddressIsToldAsUnknown() {
        DestinationGuard guard = guard(resolving(), "https://api.example.com");

        assertThatThrownBy(() -> guard.resolve(origin("https://api.example.com")))
                .isInstanceOfSatisfying(
                        RefusedDestinationException.class,
                        e -> assertThat(e.isNotFound()).isTrue());
    }

    @Test
    void whoApprovesLocalhostMeansTheLoopbackAddresses() {
        DestinationGuard guard = guard(resolving("127.0.0.1", "::1"), "http://localhost:*");

        assertThatCode(() -> guard.resolve(origin("http://localhost:8080"))).doesNotThrowAnyException();

        DestinationGuard hijacked = guard(resolving("10.0.0.1"), "http://localhost:*");
        assertThatThrownBy(() -> hijacked.resolve(origin("http://localhost:8080")))
                .isInstanceOf(RefusedDestinationException.class);
    }

    @Test
    void oneBadAddressOfANameSpoilsItAll() {
        DestinationGuard guard = guard(resolving("8.8.8.8", "127.0.0.1"), "https://api.example.com");

        assertThatThrownBy(() -> guard.resolve(origin("https://api.example.com")))
                .isInstanceOf(RefusedDestinationException.class)
                .hasMessageContaining("127.0.0.1");
    }

    @Test
    void anUnknownNameIsToldAsSuch() {
        DestinationGuard guard = guard(
                host -> {
                    throw new UnknownHostException(host);
                },
                "https://api.example.com");

        assertThatThrownBy(() -> guard.resolve(origin("https://api.example.com")))
                .isInstanceOfSatisfying(
                        RefusedDestinationException.class,
                        e -> assertThat(e.isNotFound()).isTrue());
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:*, http://127.0.0.1:*",
        "HTTPS://Api.Example.com, https://api.example.com:443",
        "http://api.example.com/, http://api.example.com:80",
        "http://[::1]:8080, http://[0:0:0:0:0:0:0:1]:8080",
    })
    void destinationsAreReadInTheirUsualForm(String text, String normal) {
        assertThat(Destination.parse(text)).hasToString(normal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "http://*:*",
                "ftp://host:21",
                "http://host:0",
                "http://host:65536",
                "http://user@host:80",
                "http://host:80/path",
                "http://host:80?x",
                "host:80",
                "http://ho st:80",
                "http://*.example.com:80"
            })
    void anythingElseIsNoDestination(String text) {
        assertThatThrownBy(() -> Destination.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    private static DestinationGuard guard(DestinationGuard.Resolver resolver, String... approved) {
        List<Destination> destinations =
                Arrays.stream(approved).map(Destination::parse).toList();
        return new DestinationGuard(() -> destinations, resolver);
    }

    private static DestinationGuard.Resolver resolving(String... addresses) {
        InetAddress[] resolved = Arrays.stream(addresses).map(HostForm::address).toArray(InetAddress[]::new);
        return host -> resolved;
    }

    private static DestinationGuard.Origin origin(String url) {
        return DestinationGuard.origin(URI.create(url)).orElseThrow();
    }
}
