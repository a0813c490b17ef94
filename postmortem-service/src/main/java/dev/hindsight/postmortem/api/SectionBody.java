package dev.hindsight.postmortem.api;

import dev.hindsight.contract.PostmortemSection;
import dev.hindsight.postmortem.domain.Document;
import dev.hindsight.postmortem.domain.Document.Section;
import dev.hindsight.postmortem.view.People;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A section of the document; revision 0 and no text while nobody has written it. */
@Schema(name = "Section")
record SectionBody(
        PostmortemSection name,
        String heading,

        @Schema(description = "Counted from 1; 0 while unwritten. It is the section's ETag.")
        int revision,

        @Schema(description = "CommonMark.") @Nullable String text,
        @Nullable Instant writtenAt,

        @Schema(description = "Name of the person; `unknown person` where the catalog knows none.") @Nullable
        String writtenBy,

        @Schema(description = "Opaque id of the person.") @Nullable
        String writtenById) {

    static SectionBody of(Document document, PostmortemSection name, People people) {
        return document.section(name)
                .map(section -> written(section, people))
                .orElseGet(() -> new SectionBody(name, name.heading(), 0, null, null, null, null));
    }

    private static SectionBody written(Section section, People people) {
        return new SectionBody(
                section.section(),
                section.section().heading(),
                section.revision(),
                section.text(),
                section.writtenAt(),
                people.nameOfActor(section.writtenBy()),
                section.writtenBy());
    }
}
