package dev.hindsight.incident.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.domain.IncidentCommand.Import;
import dev.hindsight.incident.domain.IncidentCommand.PastFact;
import dev.hindsight.incident.domain.Signal;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PastReaderTest {

    private static final Instant LATEST = Instant.parse("2026-11-22T05:00:00Z");
    private static final String LINE = ImportFiles.line("servicenow", "INC1", 5);

    private static PastReader.Incident read(String line) throws JsonProcessingException {
        return PastReader.read(ImportFiles.JSON.readValue(line, ImportLine.class), LATEST, 50);
    }

    private static Import command(String line) throws JsonProcessingException {
        return read(line).past().command().apply("INC-7");
    }

    @Test
    void aLineSaysWhatItMeans() throws JsonProcessingException {
        Import past = command(LINE);
        assertThat(past.title()).isEqualTo("Mail is slow");
        assertThat(past.severity()).isEqualTo(Severity.SEV2);
        assertThat(past.services()).containsExactly("mail of servicenow");
        assertThat(past.history())
                .extracting(fact -> (Object) fact.signal().getClass())
                .containsExactly(
                        Signal.Triggered.class,
                        Signal.Acknowledged.class,
                        Signal.RoleAssigned.class,
                        Signal.Resolved.class,
                        Signal.Closed.class);
        assertThat(past.history()).extracting(PastFact::sourceOrder).containsExactly(0, 1, 2, 3, 4);
        assertThat(past.history()).extracting(PastFact::by).containsOnly(StreamIds.person("servicenow", "ann"));
        assertThat(((Signal.RoleAssigned) past.history().get(2).signal()).person())
                .isEqualTo(StreamIds.person("servicenow", "bo"));
    }

    @Test
    void whatItDoesNotSayIsUsual() throws JsonProcessingException {
        Import past = command(
                "{\"externalId\":\"a\",\"source\":\"x\",\"title\":\"t\",\"history\":[{\"type\":\"declared\",\"at\":\"2016-02-29T06:38:00Z\"}]}");
        assertThat(past.severity()).isEqualTo(Severity.SEV3);
        assertThat(past.kind()).isEqualTo(IncidentKind.REAL);
        assertThat(past.services()).isEmpty();
        assertThat(past.history().getFirst().by()).isNull();
    }

    @Test
    void theSameSourceAndIdAreTheSameIncidentAndEachPlaceIsItsOwnFact() throws JsonProcessingException {
        UUID id = read(LINE).past().incidentId();
        assertThat(read(ImportFiles.line("ServiceNow", "INC1", 2)).past().incidentId())
                .isEqualTo(id);
        assertThat(read(ImportFiles.line("servicenow", "INC2", 5)).past().incidentId())
                .isNotEqualTo(id);
        assertThat(read(ImportFiles.line("jira", "INC1", 5)).past().incidentId())
                .isNotEqualTo(id);
        assertThat(command(LINE).history()).extracting(PastFact::factId).doesNotHaveDuplicates();
        assertThat(command(ImportFiles.line("servicenow", "INC1", 8)).history())
                .extracting(PastFact::factId)
                .startsWith(
                        command(LINE).history().stream().map(PastFact::factId).toArray(UUID[]::new));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            externalId  |                                                                       | NOT_BLANK
            title       | " "                                                                   | NOT_BLANK
            source      |                                                                       | INVALID_SOURCE
            source      | "service now"                                                         | INVALID_SOURCE
            source      | "../x"                                                                | INVALID_SOURCE
            source      | "a/b"                                                                 | INVALID_SOURCE
            source      | "oidc"                                                                | INVALID_SOURCE
            services    | [""]                                                                  | NOT_BLANK
            history     |                                                                       | DECLARED_MISSING
            history     | []                                                                    | DECLARED_MISSING
            history     | [{"type":"resolved","at":"2016-02-29T06:38:00Z"}]                     | DECLARED_MISSING
            history     | [{"type":"declared"}]                                                 | NOT_NULL
            history     | [{"type":"declared","at":"2026-11-22T05:00:01Z"}]                     | IN_THE_FUTURE
            history     | [{"type":"declared","at":"1969-12-31T23:59:59Z"}]                     | TOO_EARLY
            history     | [{"type":"declared","at":"+1000000-12-31T23:59:59Z"}]                 | IN_THE_FUTURE
            history     | [{"type":"declared","at":"2016-02-29T06:38:00Z","by":" "}]            | NOT_BLANK
            """)
    void whatIsMissingOrImpossibleIsBlamed(String field, String value, String code) throws JsonProcessingException {
        ObjectNode line = (ObjectNode) ImportFiles.JSON.readTree(LINE);
        if (value == null) {
            line.remove(field);
        } else {
            line.set(field, ImportFiles.JSON.readTree(value));
        }
        assertBlamed(line.toString(), code);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"type":"roleAssigned","at":"2016-02-29T06:39:00Z","person":"bo"}     | NOT_BLANK
            {"type":"severityChanged","at":"2016-02-29T06:39:00Z"}                | NOT_NULL
            {"type":"paged","at":"2016-02-29T06:39:00Z"}                          | NOT_BLANK
            {"type":"statusUpdated","at":"2016-02-29T06:39:00Z"}                  | NOT_BLANK
            {"type":"noted","at":"2016-02-29T06:39:00Z","text":" "}               | NOT_BLANK
            {"type":"declared","at":"2016-02-29T06:39:00Z"}                       | DECLARED_MISSING
            """)
    void anEntryNeedsWhatItTells(String entry, String code) throws JsonProcessingException {
        ObjectNode line = (ObjectNode) ImportFiles.JSON.readTree(LINE);
        line.withArray("history").add(ImportFiles.JSON.readTree(entry));
        assertBlamed(line.toString(), code);
    }

    @Test
    void sizesAreBounded() throws JsonProcessingException {
        assertBlamed(LINE.replace("Mail is slow", "x".repeat(301)), "SIZE");
        assertBlamed(LINE.replace("INC1", "x".repeat(201)), "SIZE");
        assertBlamed(LINE.replace("\"by\":\"ann\"", "\"by\":\"" + "x".repeat(201) + "\""), "SIZE");
        assertBlamed(ImportFiles.line("servicenow", "INC1", 51), "HISTORY_TOO_LONG");
        assertThat(read(ImportFiles.line("servicenow", "INC1", 50)).entries()).isEqualTo(50);
    }

    @Test
    void everythingThatIsWrongIsBlamedAtOnce() {
        assertThatThrownBy(() -> read("{\"history\":[{\"type\":\"paged\"}]}"))
                .isInstanceOfSatisfying(Invalid.class, invalid -> assertThat(invalid.violations())
                        .extracting(Invalid.Violation::field)
                        .containsExactly(
                                "source", "externalId", "title", "history[0].person", "history[0].at", "history"));
    }

    private static void assertBlamed(String line, String code) {
        assertThatThrownBy(() -> read(line))
                .isInstanceOfSatisfying(Invalid.class, invalid -> assertThat(invalid.violations())
                        .extracting(Invalid.Violation::code)
                        .contains(code));
    }
}
