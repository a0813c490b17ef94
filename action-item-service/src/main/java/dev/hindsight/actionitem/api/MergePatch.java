package dev.hindsight.actionitem.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hindsight.contract.ActionItemDetails;
import dev.hindsight.contract.refusal.Invalid;
import dev.hindsight.conventions.json.JsonBlame;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A JSON merge patch (RFC 7396) of an item's details, with the command's own two fields taken out. */
final class MergePatch {

    private final ObjectMapper json;
    private final ObjectNode patch;
    private final @Nullable Instant occurredAt;
    private final @Nullable String actor;

    MergePatch(ObjectMapper json, ObjectNode patch) {
        this.json = json;
        this.patch = patch.deepCopy();
        this.occurredAt = taken("occurredAt", Instant.class);
        this.actor = taken("actor", String.class);
    }

    @Nullable
    Instant occurredAt() {
        return occurredAt;
    }

    @Nullable
    String actor() {
        return actor;
    }

    /** Whom the patch names as the owner; null where it leaves the owner or takes him away. */
    @Nullable
    String newOwner() {
        JsonNode owner = patch.get("owner");
        if (owner == null || owner.isNull()) {
            return null;
        }
        if (!owner.isTextual()) {
            throw Invalid.field("owner", "WRONG_TYPE", "owner must be a text.");
        }
        return owner.textValue();
    }

    /** The details with the patch applied. */
    ActionItemDetails apply(ActionItemDetails present, @Nullable UUID newOwner) {
        ObjectNode resolved = patch.deepCopy();
        if (newOwner != null) {
            resolved.put("owner", newOwner.toString());
        }
        ObjectNode merged = merge(json.valueToTree(DetailsBody.of(present)), resolved);
        return read(merged, DetailsBody.class).details();
    }

    private static ObjectNode merge(ObjectNode target, ObjectNode patch) {
        patch.properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (value.isNull()) {
                target.remove(field.getKey());
            } else if (value instanceof ObjectNode nested) {
                ObjectNode into =
                        target.get(field.getKey()) instanceof ObjectNode object ? object : target.objectNode();
                target.set(field.getKey(), merge(into, nested));
            } else {
                target.set(field.getKey(), value);
            }
        });
        return target;
    }

    private <T> @Nullable T taken(String field, Class<T> type) {
        JsonNode value = patch.remove(field);
        if (value == null || value.isNull()) {
            return null;
        }
        ObjectNode alone = patch.objectNode();
        alone.set(field, value);
        return type.cast(
                type == Instant.class
                        ? read(alone, At.class).occurredAt()
                        : read(alone, By.class).actor());
    }

    private <T> T read(ObjectNode node, Class<T> type) {
        try {
            return json.treeToValue(node, type);
        } catch (JsonProcessingException e) {
            throw new Invalid(JsonBlame.of(e));
        }
    }

    private record At(Instant occurredAt) {}

    private record By(String actor) {}
}
