package dev.hindsight.eventstore.consume;

import dev.hindsight.contract.Topic;
import java.util.Set;

/** A projection or an automation, as applying sees it. */
sealed interface Consumer {

    String name();

    Set<Topic> topics();

    /** Its writes commit with the note that the events were applied. */
    record Viewing(Projection projection) implements Consumer {
        @Override
        public String name() {
            return projection.name();
        }

        @Override
        public Set<Topic> topics() {
            return projection.topics();
        }
    }

    /** Its commands commit before that note. */
    record Reacting(Automation automation) implements Consumer {
        @Override
        public String name() {
            return automation.name();
        }

        @Override
        public Set<Topic> topics() {
            return automation.topics();
        }
    }
}
