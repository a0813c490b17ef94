package dev.hindsight.metrics.domain;

import dev.hindsight.contract.IncidentEvent.DeployCleared;
import dev.hindsight.contract.IncidentEvent.DeployConfirmed;
import dev.hindsight.contract.IncidentEvent.DeployDismissed;
import dev.hindsight.contract.IncidentEvent.DeploySuspected;
import dev.hindsight.contract.IncidentEvent.OfDeploy;
import dev.hindsight.contract.Recorded;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The deploys that an incident may come from.
 *
 * @param suspected nobody has said yet
 * @param confirmed somebody says that they contributed
 */
public record DeployLinksFact(Set<UUID> suspected, Set<UUID> confirmed) {

    /** The fact after one more event; {@code before} is null before the first. */
    public static DeployLinksFact evolve(@Nullable DeployLinksFact before, Recorded<OfDeploy> recorded) {
        Set<UUID> suspected = new TreeSet<>(before == null ? Set.of() : before.suspected);
        Set<UUID> confirmed = new TreeSet<>(before == null ? Set.of() : before.confirmed);
        UUID deploy = recorded.event().deploy();
        suspected.remove(deploy);
        confirmed.remove(deploy);
        switch (recorded.event()) {
            case DeploySuspected e -> suspected.add(deploy);
            case DeployConfirmed e -> confirmed.add(deploy);
            case DeployCleared e -> {}
            case DeployDismissed e -> {}
        }
        return new DeployLinksFact(suspected, confirmed);
    }
}
