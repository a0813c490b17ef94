package dev.hindsight.postmortem.api;

import dev.hindsight.contract.RequirementAnswer;
import dev.hindsight.contract.Severity;
import dev.hindsight.postmortem.domain.Document;
import dev.hindsight.postmortem.domain.PostmortemStatus;
import dev.hindsight.postmortem.domain.Requirement;
import dev.hindsight.postmortem.view.PostmortemReading;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A postmortem in a list. */
@Schema(name = "PostmortemListed")
record PostmortemListed(
        UUID id,
        UUID incidentId,
        String reference,
        String title,
        Severity severity,
        List<String> services,
        PostmortemStatus status,
        @Nullable PersonBody owner,
        @Nullable RequirementAnswer requirement,
        boolean duty,
        boolean waived,
        Instant resolvedAt,
        @Nullable Instant draftDueAt,
        @Nullable Instant reviewDueAt,
        @Nullable Instant publishedAt,
        long version) {

    static PostmortemListed of(PostmortemReading reading) {
        Document document = reading.content().document();
        Requirement requirement = document.requirement();
        return new PostmortemListed(
                reading.content().id(),
                document.incidentId(),
                reading.incident().reference,
                reading.incident().title,
                reading.incident().severity,
                reading.incident().services(),
                reading.content().status(),
                PersonBody.orNull(document.owner(), reading.people()),
                requirement == null ? null : requirement.answer(),
                requirement != null && requirement.duty(),
                document.waiver() != null,
                document.resolvedAt(),
                requirement == null ? null : requirement.draftDueAt(),
                requirement == null ? null : requirement.reviewDueAt(),
                reading.content().publishedAt(),
                reading.content().version());
    }
}
