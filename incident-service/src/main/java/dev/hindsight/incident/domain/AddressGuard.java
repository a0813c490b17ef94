package dev.hindsight.incident.domain;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where webhooks may be sent: public addresses over https, and what the installation's configuration allows beside them. An
 * address that carries another one (IPv4-mapped, NAT64, 6to4) is what it carries. The ranges are those of the IANA registries of
 * special-purpose addresses (RFC 6890), and of IPv6 nothing but global unicast.
 *
 * @param allowed networks that may be reached although they are not public
 * @param plainHttp whether http without TLS is accepted
 */
public record AddressGuard(List<Network> allowed, boolean plainHttp) {

    private static final int V4_BYTES = 4;
    private static final int V6_BYTES = 16;
    private static final int LONGEST_URL = 2_000;

    private static final Network V4_MAPPED = v6("0000:0000:0000:0000:0000:ffff:0000:0000", 96);
    private static final Network NAT64 = Network.parse("64:ff9b::/96");
    private static final Network SIX_TO_FOUR = Network.parse("2002::/16");
    private static final Network GLOBAL_UNICAST = Network.parse("2000::/3");

    private static final List<Network> NOT_PUBLIC = networks(
            // "This" network, private use, shared (carrier NAT), loopback, link-local.
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.168.0.0/16",
            // Protocol assignments, documentation, 6to4 relays, benchmarking.
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            // Multicast, reserved and broadcast.
            "224.0.0.0/4",
            "240.0.0.0/4",
            // Teredo and other protocol assignments, documentation.
            "2001::/23",
            "2001:db8::/32",
            "3fff::/20");

    public AddressGuard {
        allowed = List.copyOf(allowed);
    }

    /** Why something must not be sent to; the code is stable, the message for people. */
    public record Objection(String code, String message) {}

    /**
     * An IPv4 or IPv6 network.
     *
     * @param bits how many bits of the prefix count
     */
    public record Network(InetAddress prefix, int bits) {

        /**
         * From {@code 10.0.0.0/8} or {@code fd00::/8}; an address alone is itself.
         *
         * @throws IllegalArgumentException where it is none
         */
        public static Network parse(String text) {
            int slash = text.indexOf('/');
            InetAddress prefix = InetAddress.ofLiteral((slash < 0 ? text : text.substring(0, slash)).strip());
            int longest = prefix.getAddress().length * Byte.SIZE;
            int bits = slash < 0
                    ? longest
                    : Integer.parseInt(text.substring(slash + 1).strip());
            if (bits < 0 || bits > longest) {
                throw new IllegalArgumentException(text + " is no network");
            }
            return new Network(prefix, bits);
        }

        /** Never true of an address of the other family. */
        public boolean contains(byte[] address) {
            byte[] own = prefix.getAddress();
            if (own.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit += Byte.SIZE) {
                int mask = bits - bit >= Byte.SIZE ? 0xff : 0xff << (Byte.SIZE - (bits - bit)) & 0xff;
                if ((own[bit / Byte.SIZE] & mask) != (address[bit / Byte.SIZE] & mask)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String toString() {
            return prefix.getHostAddress() + "/" + bits;
        }
    }

    /** What stands against an address to subscribe with; whether a name leads to a public address is seen when it is resolved. */
    public Optional<Objection> against(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            return objection(
                    "INVALID_URL", "url must be an absolute address, such as https://hooks.example.org/hindsight.");
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (url.length() > LONGEST_URL
                || uri.getHost() == null
                || uri.getPort() == 0
                || uri.getPort() > 65_535
                || !scheme.equals("https") && !scheme.equals("http")) {
            return objection(
                    "INVALID_URL", "url must be an absolute address, such as https://hooks.example.org/hindsight.");
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            return objection("INVALID_URL", "url must have neither a user nor a fragment.");
        }
        if (scheme.equals("http") && !plainHttp) {
            return objection("HTTPS_REQUIRED", "url must begin with https:// on this installation.");
        }
        return literal(uri.getHost()).flatMap(this::against);
    }

    /** What stands against connecting to this address; ask for each one that a name leads to. */
    public Optional<Objection> against(InetAddress address) {
        byte[] judged = within(address.getAddress());
        if (allowed.stream().anyMatch(network -> network.contains(judged))) {
            return Optional.empty();
        }
        boolean isPublic = (judged.length == V4_BYTES || GLOBAL_UNICAST.contains(judged))
                && NOT_PUBLIC.stream().noneMatch(network -> network.contains(judged));
        return isPublic
                ? Optional.empty()
                : objection(
                        "ADDRESS_NOT_ALLOWED",
                        address.getHostAddress()
                                + " is not a public address, and this installation does not allow it.");
    }

    /** The address that this one carries, however deep. */
    private static byte[] within(byte[] address) {
        if (address.length != V6_BYTES) {
            return address;
        }
        if (V4_MAPPED.contains(address) || NAT64.contains(address)) {
            return Arrays.copyOfRange(address, V6_BYTES - V4_BYTES, V6_BYTES);
        }
        if (SIX_TO_FOUR.contains(address)) {
            return Arrays.copyOfRange(address, 2, 2 + V4_BYTES);
        }
        return address;
    }

    /** Every form of a number that Java takes for an address, too: {@code 127.1}, {@code 2130706433}. */
    private static Optional<InetAddress> literal(String host) {
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        try {
            return Optional.of(InetAddress.ofLiteral(bare));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Network v6(String groups, int bits) {
        String[] parts = groups.split(":", -1);
        byte[] bytes = new byte[V6_BYTES];
        for (int i = 0; i < parts.length; i++) {
            int group = Integer.parseInt(parts[i], 16);
            bytes[2 * i] = (byte) (group >> Byte.SIZE);
            bytes[2 * i + 1] = (byte) group;
        }
        try {
            // Java makes an IPv4 address of a mapped one, unless it is told that it is one of IPv6.
            return new Network(java.net.Inet6Address.getByAddress(null, bytes, -1), bits);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Network> networks(String... texts) {
        return Arrays.stream(texts).map(Network::parse).toList();
    }

    private static Optional<Objection> objection(String code, String message) {
        return Optional.of(new Objection(code, message));
    }

    /** The addresses of a name in the order in which they are to be tried: IPv4 first, as it is reachable from everywhere. */
    public static List<InetAddress> inOrder(List<InetAddress> addresses) {
        return addresses.stream()
                .sorted((one, other) -> Boolean.compare(other instanceof Inet4Address, one instanceof Inet4Address))
                .toList();
    }
}
