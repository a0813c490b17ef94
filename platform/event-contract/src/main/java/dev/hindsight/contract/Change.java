package dev.hindsight.contract;

import org.jspecify.annotations.Nullable;

/**
 * What a deploy changes.
 *
 * @param service name
 * @param environment as the tool calls it
 * @param ref branch or tag
 * @param revision of the source code, such as a Git SHA
 * @param url the tool's own page of the deploy
 */
public record Change(
        String service,
        String environment,
        @Nullable String ref,
        @Nullable String revision,
        @Nullable String url) {}
