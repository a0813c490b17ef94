package dev.hindsight.incident.imports;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hindsight.contract.Severity;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.incident.application.IncidentHandler.Past;
import dev.hindsight.incident.domain.IncidentCommand.Import;
import dev.hindsight.incident.domain.IncidentCommand.PastFact;
import dev.hindsight.incident.domain.Signal;
import dev.hindsight.incident.imports.ImportFiles.Limits;
import dev.hindsight.incident.imports.Lines.Line;
import dev.hindsight.incident.imports.Lines.Read;
import dev.hindsight.incident.imports.Lines.Unreadable;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class CsvLinesTest {

    private static final Instant LATEST = Instant.parse("2026-11-22T05:00:00Z");

    private static List<Line> read(byte[] body, String charset, Consumer<CsvMapping> says) throws IOException {
        CsvMapping mapping = new CsvMapping();
        says.accept(mapping);
        Lines lines = CsvLines.begin(new ByteArrayInputStream(body), charset, mapping.toColumns(), Limits.USUAL);
        List<Line> all = new ArrayList<>();
        for (Line line = lines.next(); line != null; line = lines.next()) {
            all.add(line);
        }
        return all;
    }

    private static List<Line> read(String body, Consumer<CsvMapping> says) throws IOException {
        return read(body.getBytes(UTF_8), null, says);
    }

    private static Past past(Line line) {
        return PastReader.read(((Read) line).incident(), LATEST, 50).past();
    }

    private static Import command(Line line) {
        return past(line).command().apply("INC-1");
    }

    private static void assertBlamed(Line line, String code) {
        assertThat(((Unreadable) line).violations())
                .extracting(Invalid.Violation::code)
                .containsExactly(code);
    }

    @Test
    void anExportOfServiceNowNeedsNothingButItsName() throws IOException {
        Import past = command(read(CsvMapping.EXAMPLE, mapping -> mapping.preset = "servicenow")
                .getFirst());
        assertThat(past.externalId()).isEqualTo("import|servicenow|INC0000060");
        assertThat(past.title()).isEqualTo("Mail is slow");
        assertThat(past.severity()).isEqualTo(Severity.SEV3);
        assertThat(past.services()).containsExactly("Mail");
        assertThat(past.history())
                .extracting(fact -> (Object) fact.signal().getClass())
                .containsExactly(
                        Signal.Triggered.class, Signal.RoleAssigned.class, Signal.Resolved.class, Signal.Closed.class);
        assertThat(past.history())
                .extracting(PastFact::occurredAt)
                .containsExactly(
                        Instant.parse("2016-02-29T06:38:00Z"),
                        Instant.parse("2016-02-29T06:38:00Z"),
                        Instant.parse("2016-03-02T12:06:00Z"),
                        Instant.parse("2016-03-07T13:00:00Z"));
    }

    @Test
    void anExportOfJiraHasItsOwnTimesAndSeveralColumnsOfOneName() throws IOException {
        Import past = command(read("""
                Summary,Issue key,Priority,Component/s,Component/s,Created,Reporter,Resolved
                "Checkout fails, again",OPS-7,Highest,checkout,payments,29/Feb/16 6:38 AM,ann,29/Feb/16 1:05 PM
                """, mapping -> {
                    mapping.preset = "jira";
                    mapping.zone = "Europe/Berlin";
                })
                .getFirst());
        assertThat(past.title()).isEqualTo("Checkout fails, again");
        assertThat(past.severity()).isEqualTo(Severity.SEV1);
        assertThat(past.services()).containsExactly("checkout", "payments");
        assertThat(past.history())
                .extracting(PastFact::occurredAt)
                .containsExactly(Instant.parse("2016-02-29T05:38:00Z"), Instant.parse("2016-02-29T12:05:00Z"));
    }

    @Test
    void anyFileIsReadAsTheQuerySays() throws IOException {
        List<Line> lines = read("""
                Nr;Titel;Stufe;Dienste;Gemeldet;Behoben
                1;"Kasse ""West"" steht,
                ganz";Blocker;kasse; 27.03.2016 01:30;27.03.2016 03:30

                2;Druckerei;egal;druck;2016-03-28T10:00:00+02:00;
                3;Ohne;;;29.03.2016 10:00;
                """, mapping -> {
            mapping.source = "alt";
            mapping.externalId = "Nr";
            mapping.title = "Titel";
            mapping.severity = "stufe";
            mapping.services = "Dienste";
            mapping.declared = "Gemeldet";
            mapping.resolved = "Behoben";
            mapping.timeFormat = "dd.MM.yyyy HH:mm";
            mapping.zone = "Europe/Berlin";
            mapping.severityMapping = List.of("Blocker=SEV0");
            mapping.defaultSeverity = "SEV4";
            mapping.separator = ";";
        });
        assertThat(lines).hasSize(3);
        Import first = command(lines.getFirst());
        assertThat(first.title()).isEqualTo("Kasse \"West\" steht,\nganz");
        assertThat(first.severity()).isEqualTo(Severity.SEV0);
        // The hour between is none: summer time begins.
        assertThat(first.history())
                .extracting(PastFact::occurredAt)
                .containsExactly(Instant.parse("2016-03-27T00:30:00Z"), Instant.parse("2016-03-27T01:30:00Z"));
        Import second = command(lines.get(1));
        assertThat(second.severity()).isEqualTo(Severity.SEV4);
        assertThat(second.history().getFirst().occurredAt()).isEqualTo(Instant.parse("2016-03-28T08:00:00Z"));
        assertThat(command(lines.get(2)).severity()).isEqualTo(Severity.SEV4);
        assertThat(lines).extracting(Line::number).containsExactly(2L, 5L, 6L);
    }

    @Test
    void aRowThatHasMoreThanLastTimeAddsWhatIsNew() throws IOException {
        String header = "externalId,title,declared,acknowledged,resolved,closed\n";
        Consumer<CsvMapping> own = mapping -> mapping.source = "x";
        Import before = command(
                read(header + "1,t,2016-02-29T06:38:00Z,,2016-03-01,\n", own).getFirst());
        Import after =
                command(read(header + "1,t,2016-02-29T06:38:00Z,2016-02-29T07:00:00Z,2016-03-01,2016-03-02\n", own)
                        .getFirst());
        assertThat(after.history()).hasSize(4).containsAll(before.history());
    }

    @Test
    void whatIsWrongWithARowIsToldAndTheNextOneIsRead() throws IOException {
        List<Line> lines = read("""
                externalId,title,severity,declared
                1,t,SEV1,2016-02-29 06:38:00
                2,t,burning,2016-02-29 06:38:00
                3,t,P2,yesterday
                4,t,sev-2,2016-02-29
                5,t
                """, mapping -> mapping.source = "x");
        assertThat(command(lines.getFirst()).severity()).isEqualTo(Severity.SEV1);
        assertBlamed(lines.get(1), "UNKNOWN_SEVERITY");
        assertBlamed(lines.get(2), "INVALID_TIME");
        assertThat(command(lines.get(3)).severity()).isEqualTo(Severity.SEV2);
        assertThatThrownBy(() -> past(lines.get(4)))
                .isInstanceOfSatisfying(Invalid.class, invalid -> assertThat(invalid.violations())
                        .extracting(Invalid.Violation::code)
                        .containsExactly("DECLARED_MISSING"));
    }

    @Test
    void whereItIsNoCsvAnyMoreItEnds() throws IOException {
        List<Line> lines = read(
                "externalId,title,declared\n1,t,2016-02-29\n2,\"open,2016-02-29\n3,t,2016-02-29\n",
                mapping -> mapping.source = "x");
        assertThat(lines).hasSize(2);
        assertBlamed(lines.get(1), "MALFORMED_CSV");
        assertThat(lines.get(1).number()).isEqualTo(3);
    }

    @Test
    void aFieldThatNeverEndsIsNotKept() throws IOException {
        List<Line> lines = read(
                "externalId,title,declared\n1,t,2016-02-29\n2,\"" + "x".repeat(3_000_000),
                mapping -> mapping.source = "x");
        assertThat(lines).hasSize(2);
        assertBlamed(lines.get(1), "MALFORMED_CSV");
    }

    @Test
    void theCharsetIsThatOfTheContentType() throws IOException {
        String body = "externalId,title,declared\n1,Größe,2016-02-29\n";
        Consumer<CsvMapping> own = mapping -> mapping.source = "x";
        for (Charset charset : List.of(StandardCharsets.ISO_8859_1, UTF_8, StandardCharsets.UTF_16LE)) {
            assertThat(command(read(body.getBytes(charset), charset.name(), own).getFirst())
                            .title())
                    .isEqualTo("Größe");
        }
        assertThat(command(read(("\uFEFF" + body).getBytes(UTF_8), null, own).getFirst())
                        .title())
                .isEqualTo("Größe");
        assertThatThrownBy(() -> read(body.getBytes(StandardCharsets.ISO_8859_1), null, own))
                .isInstanceOf(Invalid.class);
        // Where the first rows were read already, it is told as any other line that is not right.
        String longer = "externalId,title,declared\n" + "1,t,2016-02-29\n".repeat(20_000) + "2,Größe,2016-02-29\n";
        assertBlamed(
                read(longer.getBytes(StandardCharsets.ISO_8859_1), null, own).getLast(), "MALFORMED_CSV");
        assertRefused(mapping -> mapping.source = "x", body, "klingon", "UNKNOWN_CHARSET");
    }

    @Test
    void aMissingColumnAndAWrongQueryAreRefusedBeforeAnythingIsRead() {
        String body = "externalId,title,declared\n1,t,2016-02-29\n";
        assertRefused(mapping -> {}, body, null, "NOT_BLANK");
        assertRefused(
                mapping -> {
                    mapping.source = "x";
                    mapping.resolved = "fixed";
                },
                body,
                null,
                "COLUMN_MISSING");
        assertRefused(mapping -> mapping.preset = "servicenow", body, null, "COLUMN_MISSING");
        assertRefused(mapping -> mapping.source = "x", "", null, "COLUMN_MISSING");
        assertRefused(mapping -> mapping.preset = "remedy", body, null, "INVALID_VALUE");
        assertRefused(
                mapping -> {
                    mapping.source = "x";
                    mapping.timeFormat = "{";
                    mapping.zone = "Mars/Olympus";
                    mapping.severityMapping = List.of("Blocker");
                    mapping.defaultSeverity = "SEV9";
                    mapping.separator = "#";
                },
                body,
                null,
                "INVALID_VALUE");
    }

    private static void assertRefused(Consumer<CsvMapping> says, String body, String charset, String code) {
        assertThatThrownBy(() -> read(body.getBytes(UTF_8), charset, says))
                .isInstanceOfSatisfying(Invalid.class, invalid -> assertThat(invalid.violations())
                        .extracting(Invalid.Violation::code)
                        .contains(code));
    }
}
