package dev.hindsight.incident.domain;

import dev.hindsight.contract.CatalogEvent;
import dev.hindsight.contract.CatalogEvent.AliasesSaid;
import dev.hindsight.contract.CatalogEvent.EntryMerged;
import dev.hindsight.contract.CatalogEvent.EntryUnmerged;
import dev.hindsight.contract.CatalogEvent.PersonDescribed;
import dev.hindsight.contract.CatalogEvent.PersonLearned;
import dev.hindsight.contract.CatalogEvent.PersonLinked;
import dev.hindsight.contract.CatalogEvent.PersonNameRemoved;
import dev.hindsight.contract.CatalogEvent.PersonUnlinked;
import dev.hindsight.contract.CatalogEvent.ServiceDescribed;
import dev.hindsight.contract.CatalogEvent.ServiceLearned;
import dev.hindsight.contract.CatalogEvent.TeamDescribed;
import dev.hindsight.contract.CatalogEvent.TeamLearned;
import dev.hindsight.contract.refusal.Refused;
import dev.hindsight.incident.domain.CatalogCommand.Call;
import dev.hindsight.incident.domain.CatalogCommand.CallNoMore;
import dev.hindsight.incident.domain.CatalogCommand.Describe;
import dev.hindsight.incident.domain.CatalogCommand.Description;
import dev.hindsight.incident.domain.CatalogCommand.LinkPerson;
import dev.hindsight.incident.domain.CatalogCommand.Merge;
import dev.hindsight.incident.domain.CatalogCommand.OfPerson;
import dev.hindsight.incident.domain.CatalogCommand.OfService;
import dev.hindsight.incident.domain.CatalogCommand.OfTeam;
import dev.hindsight.incident.domain.CatalogCommand.RemoveName;
import dev.hindsight.incident.domain.CatalogCommand.UnlinkPerson;
import dev.hindsight.incident.domain.CatalogCommand.Unmerge;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A person, service or team. What was learned first stays, as an entry is mentioned again and again; what people say of it
 * stands above that.
 */
public sealed interface CatalogEntry {

    CatalogEntry UNKNOWN = new Unknown();

    /** What an entry is about. */
    enum Kind {
        PERSON,
        SERVICE,
        TEAM
    }

    /**
     * What tools call it.
     *
     * @param key null, as the tool is, where nobody said
     */
    record Alias(@Nullable String tool, @Nullable String key) {

        /** It, where somebody said so. */
        Optional<CatalogEvent.Alias> told() {
            return tool == null || key == null ? Optional.empty() : Optional.of(new CatalogEvent.Alias(tool, key));
        }
    }

    /** Nobody has mentioned it. */
    record Unknown() implements CatalogEntry {}

    /** Somebody has. */
    sealed interface Known extends CatalogEntry {

        Kind kind();

        String name();

        Alias alias();

        /** By which further aliases tools mean it, as people say; none of a person, who is another entry for each. */
        default List<CatalogEvent.Alias> said() {
            return List.of();
        }

        /** Every alias of it. */
        default List<CatalogEvent.Alias> aliases() {
            return Stream.concat(alias().told().stream(), said().stream()).toList();
        }

        /** It showed up in what arrived, and nobody has said anything of it yet. */
        boolean isLearned();

        /** The entry that it really is; null: it is none but itself. */
        @Nullable
        UUID into();
    }

    /**
     * Somebody.
     *
     * @param alias of {@link CatalogEvent#OIDC} where they were learned from a token, whose subject its key is then
     * @param subject of the token that they are linked to; null where nobody said so
     * @param nameRemoved neither name nor alias may be shown
     */
    record Person(
            String name,
            Alias alias,
            @Nullable String subject,
            @Nullable String timeZone,
            @Nullable UUID team,
            boolean isLearned,
            @Nullable UUID into,
            boolean nameRemoved)
            implements Known {

        @Override
        public Kind kind() {
            return Kind.PERSON;
        }

        /** The subject of the token that they come with; null where none is known. */
        public @Nullable String comesAs() {
            return subject != null ? subject : CatalogEvent.OIDC.equals(alias.tool()) ? alias.key() : null;
        }

        private Person linkedTo(@Nullable String newSubject) {
            return new Person(name, alias, newSubject, timeZone, team, isLearned, into, nameRemoved);
        }

        private Person mergedInto(@Nullable UUID other) {
            return new Person(name, alias, subject, timeZone, team, isLearned, other, nameRemoved);
        }

        private Person described(PersonDescribed said) {
            return new Person(said.name(), alias, subject, said.timeZone(), said.team(), false, into, nameRemoved);
        }

        private Person withoutName() {
            return new Person(name, alias, subject, timeZone, team, isLearned, into, true);
        }
    }

    /** What is affected by incidents. */
    record Service(
            String name,
            @Nullable UUID team,
            Alias alias,
            List<CatalogEvent.Alias> said,
            boolean isLearned,
            @Nullable UUID into)
            implements Known {

        public Service {
            said = List.copyOf(said);
        }

        @Override
        public Kind kind() {
            return Kind.SERVICE;
        }
    }

    /** Who owns services. */
    record Team(
            String name,
            @Nullable UUID lead,
            Alias alias,
            List<CatalogEvent.Alias> said,
            boolean isLearned,
            @Nullable UUID into)
            implements Known {

        public Team {
            said = List.copyOf(said);
        }

        @Override
        public Kind kind() {
            return Kind.TEAM;
        }
    }

    /**
     * What the command changes.
     *
     * @throws Refused where something stands against it
     */
    static List<CatalogEvent> decide(CatalogEntry entry, CatalogCommand command) {
        return switch (command) {
            case Describe(boolean isNew, Description description) -> describe(entry, isNew, description);
            case Merge merge -> merge(entry, merge);
            case Unmerge() -> unmerge(entry);
            case Call call -> call(entry, call);
            case CallNoMore() -> {
                List<CatalogEvent> events = new ArrayList<>(saying(entry, List.of()));
                events.addAll(unmerge(entry));
                yield events;
            }
            case RemoveName(String reason) ->
                entry instanceof Person person && !person.nameRemoved()
                        ? List.of(new PersonNameRemoved(reason))
                        : List.of();
            case LinkPerson(String subject) ->
                entry instanceof Person person && !subject.equals(person.comesAs())
                        ? List.of(new PersonLinked(subject))
                        : List.of();
            case UnlinkPerson() ->
                entry instanceof Person person && person.subject() != null
                        ? List.of(new PersonUnlinked(person.subject()))
                        : List.of();
        };
    }

    private static List<CatalogEvent> describe(CatalogEntry entry, boolean isNew, Description description) {
        if (isNew && entry instanceof Known) {
            throw Refused.because(
                    "ALREADY_KNOWN",
                    "The catalog has a " + word(description.kind()) + " of that name; change that one.");
        }
        if (entry instanceof Person person && person.nameRemoved()) {
            throw Refused.because("NAME_REMOVED", "The name of this person was removed for good.");
        }
        CatalogEvent event =
                switch (description) {
                    case OfPerson(String name, String timeZone, UUID team) -> new PersonDescribed(name, timeZone, team);
                    case OfService(String name, UUID team) -> new ServiceDescribed(name, team);
                    case OfTeam(String name, UUID lead) -> new TeamDescribed(name, lead);
                };
        return evolve(entry, event).equals(entry) ? List.of() : List.of(event);
    }

    /** Who is merged into somebody with a token comes with that token too: what hides restricted incidents goes by it. */
    private static List<CatalogEvent> merge(CatalogEntry entry, Merge merge) {
        if (!(entry instanceof Known known)
                || !(merge.other() instanceof Known other)
                || known.kind() != other.kind()) {
            throw Refused.because(
                    "ANOTHER_KIND", "An entry is merged into one of its own kind that the catalog knows.");
        }
        if (merge.into().equals(known.into())) {
            return List.of();
        }
        List<Refused.Reason> reasons = new ArrayList<>();
        if (other.into() != null) {
            reasons.add(new Refused.Reason(
                    "TARGET_IS_MERGED", "That entry is merged into " + other.into() + " itself; name that one."));
        }
        if (merge.hasDuplicates()) {
            reasons.add(new Refused.Reason(
                    "HAS_DUPLICATES", "Others are merged into this entry; merge those into the other one first."));
        }
        if (known instanceof Person person
                && person.nameRemoved()
                && other instanceof Person whole
                && !whole.nameRemoved()) {
            reasons.add(
                    new Refused.Reason(
                            "NAME_REMOVED",
                            "The name of this person was removed for good, and would show again; remove that of the other one first."));
        }
        if (!reasons.isEmpty()) {
            throw new Refused(reasons);
        }
        List<CatalogEvent> events = new ArrayList<>();
        events.add(new EntryMerged(merge.into()));
        if (known instanceof Person person && other instanceof Person whole) {
            String subject = whole.comesAs();
            if (subject != null && !subject.equals(person.comesAs())) {
                events.add(new PersonLinked(subject));
            }
            if (whole.nameRemoved() && !person.nameRemoved()) {
                events.add(new PersonNameRemoved("It is somebody whose name was removed."));
            }
        }
        return events;
    }

    private static List<CatalogEvent> call(CatalogEntry entry, Call call) {
        List<CatalogEvent> events = new ArrayList<>();
        CatalogEntry now = entry;
        if (entry instanceof Unknown) {
            CatalogEvent.Alias first = call.aliases().getFirst();
            CatalogEvent learned =
                    switch (call.other().kind()) {
                        case PERSON -> new PersonLearned(first.key(), first.tool(), first.key());
                        case SERVICE -> new ServiceLearned(first.key(), null, first.tool(), first.key());
                        case TEAM -> new TeamLearned(first.key(), first.tool(), first.key());
                    };
            events.add(learned);
            now = evolve(entry, learned);
        }
        if (now instanceof Known known && known.into() != null && !known.into().equals(call.whole())) {
            throw Refused.because(
                    "ALIAS_OF_ANOTHER",
                    "What tools mean by " + known.name() + " is " + known.into() + "; take those two apart first.");
        }
        if (now instanceof Known known) {
            List<CatalogEvent.Alias> further = call.aliases().stream()
                    .filter(alias -> !known.alias().told().equals(Optional.of(alias)))
                    .toList();
            events.addAll(saying(now, further));
        }
        if (call.whole() != null) {
            events.addAll(merge(now, new Merge(call.whole(), call.other(), call.hasDuplicates())));
        }
        return events;
    }

    private static List<CatalogEvent> saying(CatalogEntry entry, List<CatalogEvent.Alias> aliases) {
        return switch (entry) {
            case Service known when !known.said().equals(aliases) -> List.of(new AliasesSaid(aliases));
            case Team known when !known.said().equals(aliases) -> List.of(new AliasesSaid(aliases));
            case Service _, Team _, Person _, Unknown _ -> List.of();
        };
    }

    /** The token goes with it, whoever linked it: what is seen too little is mended sooner than what is seen too much. */
    private static List<CatalogEvent> unmerge(CatalogEntry entry) {
        if (!(entry instanceof Known known) || known.into() == null) {
            return List.of();
        }
        List<CatalogEvent> events = new ArrayList<>();
        events.add(new EntryUnmerged(known.into()));
        if (known instanceof Person person && person.subject() != null) {
            events.add(new PersonUnlinked(person.subject()));
        }
        return events;
    }

    /** What gives the other entries of somebody the token that they come with themselves. */
    static CatalogCommand following(Person whole) {
        String subject = whole.comesAs();
        return subject == null ? new UnlinkPerson() : new LinkPerson(subject);
    }

    private static String word(Kind kind) {
        return switch (kind) {
            case PERSON -> "person";
            case SERVICE -> "service";
            case TEAM -> "team";
        };
    }

    static CatalogEntry evolve(CatalogEntry entry, CatalogEvent event) {
        return switch (event) {
            case PersonLearned(String name, String tool, String key) ->
                first(entry, new Person(name, new Alias(tool, key), null, null, null, true, null, false));
            case ServiceLearned(String name, UUID team, String tool, String key) ->
                first(entry, new Service(name, team, new Alias(tool, key), List.of(), true, null));
            case TeamLearned(String name, String tool, String key) ->
                first(entry, new Team(name, null, new Alias(tool, key), List.of(), true, null));
            case PersonDescribed said ->
                entry instanceof Person person
                        ? person.described(said)
                        : first(
                                entry,
                                new Person(
                                        said.name(),
                                        new Alias(null, null),
                                        null,
                                        said.timeZone(),
                                        said.team(),
                                        false,
                                        null,
                                        false));
            case ServiceDescribed(String name, UUID team) ->
                entry instanceof Service known
                        ? new Service(name, team, known.alias(), known.said(), false, known.into())
                        : first(entry, new Service(name, team, new Alias(null, null), List.of(), false, null));
            case TeamDescribed(String name, UUID lead) ->
                entry instanceof Team known
                        ? new Team(name, lead, known.alias(), known.said(), false, known.into())
                        : first(entry, new Team(name, lead, new Alias(null, null), List.of(), false, null));
            case PersonNameRemoved removed -> entry instanceof Person person ? person.withoutName() : entry;
            case EntryMerged(UUID into) -> merged(entry, into);
            case EntryUnmerged unmerged -> merged(entry, null);
            case AliasesSaid(List<CatalogEvent.Alias> aliases) ->
                switch (entry) {
                    case Service known ->
                        new Service(
                                known.name(), known.team(), known.alias(), aliases, known.isLearned(), known.into());
                    case Team known ->
                        new Team(known.name(), known.lead(), known.alias(), aliases, known.isLearned(), known.into());
                    case Person _, Unknown _ -> entry;
                };
            case PersonLinked(String subject) -> entry instanceof Person person ? person.linkedTo(subject) : entry;
            case PersonUnlinked unlinked -> entry instanceof Person person ? person.linkedTo(null) : entry;
        };
    }

    private static CatalogEntry merged(CatalogEntry entry, @Nullable UUID into) {
        return switch (entry) {
            case Unknown unknown -> unknown;
            case Person person -> person.mergedInto(into);
            case Service known ->
                new Service(known.name(), known.team(), known.alias(), known.said(), known.isLearned(), into);
            case Team known ->
                new Team(known.name(), known.lead(), known.alias(), known.said(), known.isLearned(), into);
        };
    }

    private static CatalogEntry first(CatalogEntry known, CatalogEntry news) {
        return known instanceof Unknown ? news : known;
    }
}
