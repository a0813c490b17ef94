package dev.hindsight.incident.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.incident.domain.AddressGuard.Network;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {

    private static final AddressGuard STRICT = new AddressGuard(List.of(), false);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.255.255.255",
                "10.0.0.0",
                "10.255.255.255",
                "100.64.0.0",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.255",
                "169.254.0.0",
                "169.254.169.254",
                "169.254.255.255",
                "172.16.0.0",
                "172.31.255.255",
                "192.0.0.0",
                "192.0.0.255",
                "192.0.2.0",
                "192.0.2.255",
                "192.88.99.1",
                "192.168.0.0",
                "192.168.255.255",
                "198.18.0.0",
                "198.19.255.255",
                "198.51.100.7",
                "203.0.113.7",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::127.0.0.1",
                "::8.8.8.8",
                "64:ff9b::127.0.0.1",
                "64:ff9b::10.0.0.1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::8.8.8.8",
                "100::1",
                "fc00::1",
                "fdff:ffff::1",
                "fe80::1",
                "febf::1",
                "fec0::1",
                "ff02::1",
                "ff0e::1",
                "2001::1",
                "2001:0:4136:e378:8000:63bf:3fff:fdd2",
                "2001:2::1",
                "2001:10::1",
                "2001:20::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "2002:a00:1::1",
                "2002:c0a8:101::",
                "3fff::1",
                "4000::1",
                "5f00::1",
            })
    void whatIsNotPublicIsRefused(String address) {
        assertThat(STRICT.against(InetAddress.ofLiteral(address)))
                .hasValueSatisfying(objection -> assertThat(objection.code()).isEqualTo("ADDRESS_NOT_ALLOWED"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "192.169.0.0",
                "192.0.1.1",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2606:4700:4700::1111",
                "2a00:1450:4001:830::200e",
                "2001:4860:4860::8888",
                "2001:200::1",
                "64:ff9b::8.8.8.8",
                "2002:808:808::1",
            })
    void whatIsPublicIsNot(String address) {
        assertThat(STRICT.against(InetAddress.ofLiteral(address))).isEmpty();
    }

    @Test
    void anIpv4AddressInIpv6IsWhatItIs() throws Exception {
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = (byte) 0xff;
        System.arraycopy(new byte[] {10, 0, 0, 1}, 0, mapped, 12, 4);
        InetAddress ten = Inet6Address.getByAddress(null, mapped, -1);
        assertThat(ten).isInstanceOf(Inet6Address.class);
        assertThat(STRICT.against(ten)).isPresent();
        assertThat(new AddressGuard(List.of(Network.parse("10.0.0.0/8")), false).against(ten))
                .isEmpty();
        mapped[12] = 8;
        assertThat(STRICT.against(Inet6Address.getByAddress(null, mapped, -1))).isEmpty();
        assertThat(STRICT.against(InetAddress.ofLiteral("::ffff:127.0.0.1"))).isPresent();
    }

    @Test
    void whatIsConfiguredIsAllowedAndNoMore() {
        AddressGuard guard = new AddressGuard(List.of(Network.parse("10.1.0.0/17"), Network.parse("fd00::/8")), false);
        assertThat(guard.against(InetAddress.ofLiteral("10.1.127.255"))).isEmpty();
        assertThat(guard.against(InetAddress.ofLiteral("10.1.128.0"))).isPresent();
        assertThat(guard.against(InetAddress.ofLiteral("fd12::1"))).isEmpty();
        assertThat(guard.against(InetAddress.ofLiteral("fc12::1"))).isPresent();
        assertThat(guard.against(InetAddress.ofLiteral("64:ff9b::10.1.0.1"))).isEmpty();
        assertThat(new AddressGuard(List.of(Network.parse("127.0.0.1")), false)
                        .against(InetAddress.ofLiteral("127.0.0.2")))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.0/33", "10.0.0.0/-1", "fd00::/129", "example.org/8", "10.0.0.0/x", ""})
    void whatIsNoNetworkIsRefused(String network) {
        assertThatThrownBy(() -> Network.parse(network)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://hooks.example.org/a?b=c",
                "https://example.org:8443",
                "HTTPS://EXAMPLE.ORG/x",
                "https://8.8.8.8/",
                "https://[2606:4700:4700::1111]/x",
            })
    void anAddressToSubscribeWithIsAccepted(String url) {
        assertThat(STRICT.against(url)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hooks.example.org",
                "/relative",
                "ftp://example.org",
                "file:///etc/passwd",
                "https://",
                "https://a b",
                "https://user@example.org",
                "https://user:secret@example.org",
                "https://example.org/#fragment",
                "https://example.org:0/",
                "https://example.org:65536/",
                "javascript:alert(1)",
                "https:example.org",
            })
    void whatIsNoSuchAddressIsNot(String url) {
        assertThat(STRICT.against(url))
                .hasValueSatisfying(objection -> assertThat(objection.code()).isEqualTo("INVALID_URL"));
    }

    @Test
    void plainHttpHasToBeAllowed() {
        assertThat(STRICT.against("http://example.org/"))
                .hasValueSatisfying(objection -> assertThat(objection.code()).isEqualTo("HTTPS_REQUIRED"));
        assertThat(new AddressGuard(List.of(), true).against("http://example.org/"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://127.0.0.1/",
                "https://10.0.0.1:9000/x",
                "https://[::1]/",
                "https://[::ffff:10.0.0.1]/",
                "https://[fe80::1]/",
                "https://169.254.169.254/latest/meta-data",
                "https://0.0.0.0/",
            })
    void aLiteralThatIsNotPublicIsSeenAtOnce(String url) {
        assertThat(STRICT.against(url))
                .hasValueSatisfying(objection -> assertThat(objection.code()).isEqualTo("ADDRESS_NOT_ALLOWED"));
    }

    @Test
    void ipv4IsTriedFirst() {
        InetAddress six = InetAddress.ofLiteral("2606:4700:4700::1111");
        InetAddress four = InetAddress.ofLiteral("1.1.1.1");
        assertThat(AddressGuard.inOrder(List.of(six, four))).containsExactly(four, six);
    }
}
