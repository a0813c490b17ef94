package dev.hindsight.incident.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.hindsight.contract.refusal.Invalid.Violation;
import dev.hindsight.conventions.json.JsonBlame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON, one object a line. Empty lines are passed over; the last one needs no line feed. */
final class NdjsonLines implements Lines {

    private static final int CHUNK = 64 * 1024;
    private static final int LONG = 8 * 1024;

    private final InputStream body;
    private final ObjectReader reader;
    private final int longest;
    private final byte[] chunk = new byte[CHUNK];
    private int at;
    private int end;
    private long number;
    private ByteArrayOutputStream line = new ByteArrayOutputStream(LONG);

    /** @param longest line, in bytes */
    NdjsonLines(InputStream body, ObjectMapper json, int longest) {
        this.body = body;
        this.reader = json.readerFor(ImportLine.class);
        this.longest = longest;
    }

    @Override
    public @Nullable Line next() throws IOException {
        while (true) {
            line.reset();
            boolean tooLong = false;
            boolean ended = false;
            while (!ended) {
                if (at == end) {
                    int read = body.read(chunk, 0, CHUNK);
                    if (read < 0) {
                        if (line.size() == 0 && !tooLong) {
                            return null;
                        }
                        break;
                    }
                    at = 0;
                    end = read;
                }
                int feed = at;
                while (feed < end && chunk[feed] != '\n') {
                    feed++;
                }
                tooLong |= line.size() + feed - at > longest;
                if (!tooLong) {
                    line.write(chunk, at, feed - at);
                }
                ended = feed < end;
                at = ended ? feed + 1 : end;
            }
            number++;
            if (tooLong) {
                line = new ByteArrayOutputStream(LONG);
                return wrong("LINE_TOO_LONG", "A line may have " + longest + " bytes.");
            }
            byte[] bytes = line.toByteArray();
            if (!isBlank(bytes)) {
                return read(bytes);
            }
        }
    }

    private Line read(byte[] bytes) {
        try {
            ImportLine incident = reader.readValue(bytes);
            if (incident == null) {
                return wrong("WRONG_TYPE", "The line must be a JSON object.");
            }
            int empty = incident.history() == null ? -1 : incident.history().indexOf(null);
            return empty < 0
                    ? new Read(number, incident)
                    : wrong("WRONG_TYPE", "history[" + empty + "] must be an object.");
        } catch (JsonProcessingException e) {
            if (!JsonBlame.isOfRequest(e)) {
                throw new IllegalStateException(e);
            }
            List<Violation> violations = JsonBlame.of(e);
            return violations.getFirst().code().equals("MALFORMED_JSON")
                    ? wrong(
                            "MALFORMED_JSON",
                            "The line is not one well-formed JSON object"
                                    + (e.getLocation() == null
                                            ? "."
                                            : ": look at column "
                                                    + e.getLocation().getColumnNr() + "."))
                    : new Unreadable(number, violations);
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory cannot be read", e);
        }
    }

    private Unreadable wrong(String code, String message) {
        return new Unreadable(number, List.of(new Violation("", code, message)));
    }

    private static boolean isBlank(byte[] bytes) {
        for (byte one : bytes) {
            if (one != ' ' && one != '\r' && one != '\t') {
                return false;
            }
        }
        return true;
    }
}
