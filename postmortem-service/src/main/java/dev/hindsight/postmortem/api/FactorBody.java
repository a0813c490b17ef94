package dev.hindsight.postmortem.api;

import dev.hindsight.contract.FactorCategory;
import dev.hindsight.postmortem.domain.Document.Factor;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A systemic condition that made the incident possible. */
@Schema(name = "Factor")
record FactorBody(
        UUID id,
        FactorCategory category,

        @Schema(description = "Key of the taxonomy.") @Nullable
        String key,

        String text,

        @Schema(description = "Because …: each the reason of the one before, the first of the factor.")
        List<String> whys) {

    static FactorBody of(Factor factor) {
        return new FactorBody(factor.id(), factor.category(), factor.key(), factor.text(), factor.whys());
    }
}
