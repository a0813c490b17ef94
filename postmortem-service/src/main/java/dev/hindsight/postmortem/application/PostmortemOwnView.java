package dev.hindsight.postmortem.application;

import dev.hindsight.contract.PostmortemEvent;
import dev.hindsight.eventstore.Decider;
import dev.hindsight.eventstore.rebuild.OwnView;
import dev.hindsight.postmortem.domain.Postmortem;
import dev.hindsight.postmortem.view.PostmortemContent;
import dev.hindsight.postmortem.view.PostmortemRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** The postmortems as their handler keeps them, for a rebuild. */
@ApplicationScoped
public class PostmortemOwnView implements OwnView<Postmortem, PostmortemEvent> {

    @Override
    public String name() {
        return "postmortems";
    }

    @Override
    public Decider<Postmortem, PostmortemEvent> decider() {
        return new PostmortemHandler.Folding();
    }

    @Override
    public List<Table<Postmortem>> tables() {
        return List.of(
                Table.ofNewest(PostmortemRows.view(), loaded -> PostmortemRows.row(PostmortemContent.of(loaded))));
    }
}
