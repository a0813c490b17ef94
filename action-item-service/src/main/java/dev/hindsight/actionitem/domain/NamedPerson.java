package dev.hindsight.actionitem.domain;

import dev.hindsight.contract.refusal.Invalid;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * "Owner named. A person, not a team" (seed 000); "one named person is responsible, not <i>the team</i>" (seed 004). An item
 * has no place for a team, so one is refused where it is written: 400 with {@code OWNER_NOT_A_PERSON}.
 */
public final class NamedPerson {

    /** Longest name, characters. */
    private static final int LONGEST = 200;

    private static final Pattern SEVERAL =
            Pattern.compile("(?:^|.*[\\s_.@/+-])(?:team|teams|squad|guild|tribe|group|crew)(?:$|[\\s_.@/+-].*)");

    private static final Pattern NOBODY = Pattern.compile(
            "@?(?:the )?(?:everyone|everybody|anyone|anybody|someone|somebody|nobody|no one|all|us|we|tbd|tba|tbc|todo|n/?a|none"
                    + "|unassigned|unknown|whoever|on-?call|on call|sre|sres|ops|devops|operations|platform|backend|frontend|infra"
                    + "|infrastructure|engineering|engineers|developers|devs|management|support|security|here|channel|-+|\\?+)");

    private NamedPerson() {}

    /** Refuses what is no one person. */
    public static void check(String owner) {
        String plain = owner.strip().toLowerCase(Locale.ROOT);
        if (plain.isEmpty() || plain.length() > LONGEST || plain.indexOf('\0') >= 0) {
            throw Invalid.field(
                    "owner",
                    "INVALID_VALUE",
                    "owner must be one person: a UUID of the catalog, a name or a token's subject.");
        }
        if (SEVERAL.matcher(plain).matches() || NOBODY.matcher(plain).matches()) {
            throw notAPerson(owner);
        }
    }

    /** What the catalog knows to be a team or a service. */
    public static Invalid notAPerson(String owner) {
        return Invalid.field(
                "owner",
                "OWNER_NOT_A_PERSON",
                "owner must be one named person; \"" + owner + "\" is not one. Who will be asked how it is going?");
    }
}
