package dev.hindsight.actionitem.api;

import dev.hindsight.actionitem.domain.QualityBar;
import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.QualityFinding;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * How an item stands against the quality bar as it is today.
 *
 * @param meetsBar whether it could be accepted
 * @param findings every point in which it misses the bar
 */
@Schema(name = "Quality")
public record QualityBody(
        @Schema(required = true) boolean meetsBar,
        @Schema(required = true) List<QualityFinding> findings) {

    static QualityBody of(ActionItemDetails details) {
        List<QualityFinding> findings = QualityBar.judge(details);
        return new QualityBody(findings.isEmpty(), findings);
    }
}
