package dev.hindsight.postmortem.view;

import dev.hindsight.eventstore.InlineView;
import dev.hindsight.eventstore.StatementPart;
import dev.hindsight.postmortem.domain.Document;
import dev.hindsight.postmortem.domain.Document.Factor;
import dev.hindsight.postmortem.domain.Document.Section;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes this service's own view, in the statement that appends. */
public final class PostmortemRows {

    private static final InlineView TABLE = new InlineView(
            "postmortem",
            "id",
            InlineView.columns(
                    "id",
                    "incident_id",
                    "version",
                    "status",
                    "owner",
                    "resolved_at",
                    "drafted_at",
                    "published_at",
                    "content",
                    "prose"),
            ViewJson.mapper());

    private PostmortemRows() {}

    /** Where it is written. */
    public static InlineView view() {
        return TABLE;
    }

    /** The write of a postmortem's row as it stands. */
    public static StatementPart write(PostmortemContent content) {
        return TABLE.rows(List.of(row(content)));
    }

    /** The row, column by column. */
    public static Map<String, @Nullable Object> row(PostmortemContent content) {
        Document document = content.document();
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        row.put("id", content.id());
        row.put("incident_id", document.incidentId());
        row.put("version", content.version());
        row.put("status", content.status());
        row.put("owner", document.owner());
        row.put("resolved_at", document.resolvedAt());
        row.put("drafted_at", document.draftedAt());
        row.put("published_at", content.publishedAt());
        row.put("content", ViewJson.write(content));
        row.put("prose", prose(document));
        return row;
    }

    private static String prose(Document document) {
        return Stream.concat(
                        document.sections().stream().map(Section::text),
                        document.factors().stream().flatMap(PostmortemRows::words))
                .collect(Collectors.joining("\n"));
    }

    private static Stream<String> words(Factor factor) {
        return Stream.concat(Stream.of(factor.text()), factor.whys().stream());
    }
}
