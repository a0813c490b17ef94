package dev.hindsight.postmortem.api;

import dev.hindsight.postmortem.view.People;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A person; the name is `unknown person` where the catalog knows none. */
@Schema(name = "Person")
record PersonBody(UUID id, String name) {

    static PersonBody of(UUID person, People people) {
        return new PersonBody(person, people.nameOf(person));
    }

    static @Nullable PersonBody orNull(@Nullable UUID person, People people) {
        return person == null ? null : of(person, people);
    }
}
