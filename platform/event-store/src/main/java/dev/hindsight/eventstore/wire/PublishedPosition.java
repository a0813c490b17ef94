package dev.hindsight.eventstore.wire;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The header by which a record says where it stands in its owner's {@code published} log: 1, 2, 3 … over all partitions,
 * and the same number again when it is sent again. It is no attribute of the event, so it is no {@code ce_} header.
 */
public final class PublishedPosition {

    public static final String HEADER = "hindsightposition";

    private PublishedPosition() {}

    /** Adds the header; {@code position} from 1. */
    public static Headers write(Headers headers, long position) {
        return headers.add(HEADER, Long.toString(position).getBytes(StandardCharsets.US_ASCII));
    }

    /** Empty where the header is missing or no position. */
    public static OptionalLong read(Headers headers) {
        Header header = headers.lastHeader(HEADER);
        if (header == null || header.value() == null) {
            return OptionalLong.empty();
        }
        try {
            long position = Long.parseLong(new String(header.value(), StandardCharsets.US_ASCII));
            return position > 0 ? OptionalLong.of(position) : OptionalLong.empty();
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
