package dev.hindsight.incident.imports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.incident.imports.Lines.Line;
import dev.hindsight.incident.imports.Lines.Read;
import dev.hindsight.incident.imports.Lines.Unreadable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NdjsonLinesTest {

    private static List<Line> read(InputStream body, int longest) throws IOException {
        Lines lines = new NdjsonLines(body, ImportFiles.JSON, longest);
        List<Line> all = new ArrayList<>();
        for (Line line = lines.next(); line != null; line = lines.next()) {
            all.add(line);
        }
        return all;
    }

    private static List<Line> read(String body) throws IOException {
        return read(new ByteArrayInputStream(body.getBytes(UTF_8)), 1000);
    }

    private static String id(Line line) {
        return ((Read) line).incident().externalId();
    }

    @Test
    void eachLineIsOneIncidentAndTheLastNeedsNoLineFeed() throws IOException {
        List<Line> lines = read("{\"externalId\":\"a\"}\r\n\n  \n{\"externalId\":\"ü\"}");
        assertThat(lines).extracting(Line::number).containsExactly(1L, 4L);
        assertThat(lines).extracting(NdjsonLinesTest::id).containsExactly("a", "ü");
    }

    @Test
    void anEmptyBodyHasNone() throws IOException {
        assertThat(read("")).isEmpty();
        assertThat(read("\n\n")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64})
    void itDoesNotMatterHowTheBytesArrive(int piece) throws IOException {
        byte[] bytes = "{\"externalId\":\"ä\"}\n{\"externalId\":\"b\"}\n".getBytes(UTF_8);
        InputStream slow = new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] to, int at, int length) {
                return super.read(to, at, Math.min(length, piece));
            }
        };
        assertThat(read(slow, 1000)).extracting(NdjsonLinesTest::id).containsExactly("ä", "b");
    }

    @Test
    void aLineThatIsTooLongIsToldAndTheNextOneIsRead() throws IOException {
        String longOne = "{\"externalId\":\"" + "x".repeat(200_000) + "\"}";
        List<Line> lines = read("{\"externalId\":\"a\"}\n" + longOne + "\n{\"externalId\":\"b\"}\n" + longOne);
        assertThat(lines).extracting(Line::number).containsExactly(1L, 2L, 3L, 4L);
        assertThat(((Unreadable) lines.get(1)).violations().getFirst().code()).isEqualTo("LINE_TOO_LONG");
        assertThat(id(lines.get(2))).isEqualTo("b");
        assertThat(((Unreadable) lines.get(3)).violations().getFirst().code()).isEqualTo("LINE_TOO_LONG");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"externalId":                                         | MALFORMED_JSON
            {"externalId":"a"} {"externalId":"b"}                  | MALFORMED_JSON
            nonsense                                               | MALFORMED_JSON
            []                                                     | WRONG_TYPE
            null                                                   | WRONG_TYPE
            "text"                                                 | WRONG_TYPE
            {"surprise":1}                                         | UNKNOWN_PROPERTY
            {"severity":"SEV9"}                                    | INVALID_VALUE
            {"history":[null]}                                     | WRONG_TYPE
            {"history":[{"type":"exploded"}]}                      | INVALID_VALUE
            {"history":[{"at":"2016-02-29T06:38:00Z"}]}            | INVALID_VALUE
            {"history":[{"type":"declared","at":"yesterday"}]}     | INVALID_VALUE
            {"history":[{"type":"declared","text":"no such"}]}     | UNKNOWN_PROPERTY
            {"title":"a\\u0000b"}                                  | INVALID_VALUE
            """)
    void whatIsNoIncidentIsToldAndTheNextOneIsRead(String line, String code) throws IOException {
        List<Line> lines = read(line + "\n{\"externalId\":\"b\"}\n");
        assertThat(((Unreadable) lines.getFirst()).violations().getFirst().code())
                .isEqualTo(code);
        assertThat(id(lines.get(1))).isEqualTo("b");
    }

    @Test
    void bytesThatAreNoTextAreToldAndTheNextOneIsRead() throws IOException {
        InputStream body = new SequenceInputStream(
                new ByteArrayInputStream(new byte[] {'{', '"', (byte) 0xff, (byte) 0xc0, '"', ':', '1', '}', '\n'}),
                new ByteArrayInputStream("{\"externalId\":\"b\"}".getBytes(UTF_8)));
        List<Line> lines = read(body, 1000);
        assertThat(lines.getFirst()).isInstanceOf(Unreadable.class);
        assertThat(id(lines.get(1))).isEqualTo("b");
    }

    @Test
    void ofABodyThatIsCutOffTheBeginningOfALineIsNoLine() throws IOException {
        InputStream cut = new SequenceInputStream(
                new ByteArrayInputStream("{\"externalId\":\"a\"}\n{\"externalId\":\"b\"}".getBytes(UTF_8)),
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("connection reset");
                    }
                });
        Lines lines = new NdjsonLines(cut, ImportFiles.JSON, 1000);
        assertThat(id(lines.next())).isEqualTo("a");
        assertThatThrownBy(lines::next).isInstanceOf(IOException.class);
    }
}
