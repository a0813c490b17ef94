package dev.hindsight.actionitem.view;

import dev.hindsight.contract.Topic;
import dev.hindsight.conventions.http.FollowedTopic;
import jakarta.enterprise.context.ApplicationScoped;

/** Nothing of postmortems is shown here; who wrote one and then reads here is answered at once. */
@ApplicationScoped
public class PostmortemPositions extends FollowedTopic {

    PostmortemPositions() {
        super(Topic.POSTMORTEM_EVENTS);
    }
}
