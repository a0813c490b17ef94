package dev.hindsight.incident.imports;

import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.contract.EventHeader;
import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.Observed;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.contract.refusal.Invalid.Violation;
import dev.hindsight.eventstore.StreamIds;
import dev.hindsight.incident.application.IncidentHandler.Past;
import dev.hindsight.incident.application.Learned;
import dev.hindsight.incident.domain.Imports;
import dev.hindsight.incident.domain.IncidentCommand.Import;
import dev.hindsight.incident.domain.IncidentCommand.PastFact;
import dev.hindsight.incident.domain.Signal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks one incident of an import, all of it, and says what it means. The incident's id follows from the source and the
 * id there, that of an entry from its place in the history: two equal entries are two facts, and the same again is the same.
 */
final class PastReader {

    private static final int TITLE = 300;
    private static final int TEXT = 10_000;
    private static final int NAME = 200;
    private static final int MANY = 50;

    /** Nothing that this is for is older; and PostgreSQL has no time for everything that Java has. */
    private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");

    private static final Pattern SOURCE = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
    private static final Observed NOTHING = new Observed(null, null, List.of(), null, null);

    private final Instant latest;
    private final int longest;
    private final List<Violation> violations = new ArrayList<>();

    private PastReader(Instant latest, int longest) {
        this.latest = latest;
        this.longest = longest;
    }

    /**
     * One incident, as it is to be recorded.
     *
     * @param source of {@link EventHeader#fromImport}
     * @param entries how many its history has
     */
    record Incident(String source, Past past, int entries) {}

    /**
     * What a line means.
     *
     * @param latest that an entry may have happened
     * @param longest history
     * @throws Invalid with everything that is wrong with it
     */
    static Incident read(ImportLine line, Instant latest, int longest) {
        return new PastReader(latest, longest).incident(line);
    }

    private Incident incident(ImportLine line) {
        String source = source(line.source());
        String externalId = name("externalId", line.externalId(), NAME);
        String title = name("title", line.title(), TITLE);
        String summary = text("summary", line.summary());
        List<String> services = services(line.services());
        List<@Nullable ImportEntry> history = history(line.history());
        UUID id = StreamIds.imported(source, externalId);
        Learned learned = Learned.nothing();
        learned.services(services);
        List<PastFact> facts = new ArrayList<>(history.size());
        for (int i = 0; i < history.size(); i++) {
            ImportEntry entry = history.get(i);
            if (entry != null) {
                facts.add(fact(id, entry, i, source, learned));
            }
        }
        if (facts.stream()
                        .filter(fact -> fact.signal() instanceof Signal.Triggered)
                        .count()
                != 1) {
            blame("history", "DECLARED_MISSING", "history must have exactly one entry of type declared.");
        }
        if (!violations.isEmpty()) {
            throw new Invalid(violations);
        }
        Severity severity = Objects.requireNonNullElse(line.severity(), Severity.SEV3);
        IncidentKind kind = Objects.requireNonNullElse(line.kind(), IncidentKind.REAL);
        return new Incident(
                source,
                new Past(
                        id,
                        reference -> new Import(
                                reference,
                                Imports.externalId(source, externalId),
                                title,
                                severity,
                                services,
                                summary,
                                Boolean.TRUE.equals(line.customerFacing()),
                                Boolean.TRUE.equals(line.security()),
                                kind,
                                facts),
                        learned),
                facts.size());
    }

    private String source(@Nullable String given) {
        String source = given == null ? "" : given.strip().toLowerCase(Locale.ROOT);
        if (!SOURCE.matcher(source).matches()) {
            blame(
                    "source",
                    "INVALID_SOURCE",
                    "source must be a short name such as servicenow: letters, digits, and . _ - after the first.");
        } else if (source.equals(CatalogEvent.OIDC)) {
            blame("source", "INVALID_SOURCE", "source must not be oidc: its people are those of tokens.");
        }
        return source;
    }

    private List<String> services(@Nullable List<String> given) {
        if (given == null) {
            return List.of();
        }
        if (given.size() > MANY) {
            blame("services", "SIZE", "services may be " + MANY + " at most.");
            return List.of();
        }
        List<String> services = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
            services.add(name("services[" + i + "]", given.get(i), NAME));
        }
        return services.stream().distinct().toList();
    }

    private List<@Nullable ImportEntry> history(@Nullable List<@Nullable ImportEntry> given) {
        if (given == null) {
            return List.of();
        }
        if (given.size() > longest) {
            blame("history", "HISTORY_TOO_LONG", "history may have " + longest + " entries at most.");
            return List.of();
        }
        return given;
    }

    private PastFact fact(UUID incidentId, ImportEntry entry, int index, String source, Learned learned) {
        String path = "history[" + index + "]";
        return new PastFact(
                StreamIds.named(incidentId, "import|" + index),
                signal(path, entry, source, learned),
                time(path + ".at", entry.at()),
                index,
                entry.by() == null ? null : person(path + ".by", entry.by(), source, learned));
    }

    private Signal signal(String path, ImportEntry entry, String source, Learned learned) {
        return switch (entry) {
            case ImportEntry.Declared e -> new Signal.Triggered(NOTHING);
            case ImportEntry.ImpactStarted e -> new Signal.ImpactStarted(NOTHING);
            case ImportEntry.Detected e -> new Signal.Detected(NOTHING);
            case ImportEntry.Acknowledged e -> new Signal.Acknowledged(NOTHING);
            case ImportEntry.RoleAssigned e ->
                new Signal.RoleAssigned(
                        name(path + ".role", e.role(), NAME),
                        e.person() == null ? null : person(path + ".person", e.person(), source, learned),
                        NOTHING);
            case ImportEntry.SeverityChanged e -> {
                if (e.severity() == null) {
                    blame(path + ".severity", "NOT_NULL", path + ".severity must not be null.");
                }
                yield new Signal.SeverityChanged(
                        Objects.requireNonNullElse(e.severity(), Severity.SEV3),
                        text(path + ".text", e.text()),
                        NOTHING);
            }
            case ImportEntry.Paged e ->
                new Signal.Paged(
                        person(path + ".person", e.person(), source, learned),
                        e.channel() == null ? null : name(path + ".channel", e.channel(), NAME),
                        NOTHING);
            case ImportEntry.StatusUpdated e -> new Signal.StatusUpdated(name(path + ".text", e.text(), TEXT), NOTHING);
            case ImportEntry.Noted e -> new Signal.Noted("noted", name(path + ".text", e.text(), TEXT), null, NOTHING);
            case ImportEntry.Mitigated e -> new Signal.Mitigated(text(path + ".text", e.text()), NOTHING);
            case ImportEntry.Resolved e -> new Signal.Resolved(text(path + ".text", e.text()), NOTHING);
            case ImportEntry.Reopened e -> new Signal.Reopened(text(path + ".text", e.text()), NOTHING);
            case ImportEntry.Closed e -> new Signal.Closed(text(path + ".text", e.text()), NOTHING);
            case ImportEntry.Canceled e -> new Signal.Canceled(text(path + ".text", e.text()), NOTHING);
        };
    }

    private Instant time(String path, @Nullable Instant at) {
        if (at == null) {
            blame(path, "NOT_NULL", path + " must be an RFC 3339 time such as 2026-11-21T14:05:00Z.");
        } else if (at.isAfter(latest)) {
            blame(path, "IN_THE_FUTURE", path + " must not be in the future.");
        } else if (at.isBefore(EARLIEST)) {
            blame(path, "TOO_EARLY", path + " must not be before 1970.");
        } else {
            return at.truncatedTo(ChronoUnit.MICROS);
        }
        return EARLIEST;
    }

    private UUID person(String path, @Nullable String key, String source, Learned learned) {
        return learned.person(source, name(path, key, NAME), null);
    }

    private String name(String path, @Nullable String given, int longest) {
        String text = given == null ? "" : given.strip();
        if (text.isEmpty()) {
            blame(path, "NOT_BLANK", path + " must not be blank.");
        } else if (text.length() > longest) {
            blame(path, "SIZE", path + " may have " + longest + " characters.");
        }
        return text;
    }

    private @Nullable String text(String path, @Nullable String given) {
        return given == null || given.isBlank() ? null : name(path, given, TEXT);
    }

    private void blame(String path, String code, String message) {
        violations.add(new Violation(path, code, message));
    }
}
