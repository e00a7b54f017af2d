package io.syncline.provider.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointGuardTest {

    private static EndpointGuard guard(boolean allowHttp, String... networks) {
        return new EndpointGuard(properties(allowHttp, List.of(networks)));
    }

    private static PushProperties properties(boolean allowHttp, List<String> networks) {
        return new PushProperties(
                true,
                allowHttp,
                networks,
                null,
                List.of(Duration.ofSeconds(5)),
                Duration.ofSeconds(15),
                Duration.ofHours(24),
                Duration.ofDays(5),
                Duration.ofMillis(500),
                200,
                1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "224.0.0.1",
                "255.255.255.255",
                "192.0.0.192",
                "198.18.0.1",
                "::",
                "::1",
                "fe80::1",
                "fc00::1",
                "fd00:ec2::254",
                "ff02::1",
                "::ffff:127.0.0.1",
                "::127.0.0.1",
                "::ffff:0:10.0.0.1",
                "64:ff9b::a00:1",
                "64:ff9b:1::1",
                "2002:7f00:1::",
                "2001::1"
            })
    void whatIsNotOnThePublicNetworkIsRefused(String address) throws UnknownHostException {
        assertThat(guard(false).mayBeCalled(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"93.184.216.34", "172.32.0.1", "2606:2800:220:1::1", "64:ff9b::5db8:d822", "2002:5db8:d822::"})
    void whatIsOnItIsNot(String address) throws UnknownHostException {
        assertThat(guard(false).mayBeCalled(InetAddress.getByName(address))).isTrue();
    }

    @Test
    void aNetworkThatIsConfiguredMayBeCalledAndNoOther() throws UnknownHostException {
        var guard = guard(false, "10.1.0.0/16", "fd00::/8");

        assertThat(guard.mayBeCalled(InetAddress.getByName("10.1.255.1"))).isTrue();
        assertThat(guard.mayBeCalled(InetAddress.getByName("10.2.0.1"))).isFalse();
        assertThat(guard.mayBeCalled(InetAddress.getByName("fd12::1"))).isTrue();
        assertThat(guard.mayBeCalled(InetAddress.getByName("fc12::1"))).isFalse();
    }

    @Test
    void oneAddressInsideRefusesAName() {
        assertThatThrownBy(() -> guard(false).check(URI.create("https://localhost/hook")))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("may not be called");
        assertThatThrownBy(() -> guard(false).check(URI.create("http://93.184.216.34/hook")))
                .hasMessageContaining("TLS");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://93.184.216.34/",
                "https://user@93.184.216.34/",
                "https:///hook",
                "https://93.184.216.34/#a",
                "https://127.0.0.1/",
                "https://[::1]/",
                "https://2130706433/",
                "file:///etc/passwd",
                "nonsense",
                "https://a b/"
            })
    void anEndpointThatCannotBeCalledIsRefusedAsItIsWritten(String endpoint) {
        assertThat(guard(false).fault(endpoint)).isPresent();
    }

    @Test
    void aGoodOneIsNot() {
        assertThat(guard(false).fault("https://hooks.example.com:8443/a?b=c")).isEmpty();
        assertThat(guard(true).fault("http://hooks.example.com/a")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0", "10.0.0.0/33", "example.com/8", "10.0.0.0/x", "/8"})
    void aNetworkThatIsNoneStopsTheStart(String network) {
        assertThatIllegalArgumentException().isThrownBy(() -> guard(false, network));
    }
}
