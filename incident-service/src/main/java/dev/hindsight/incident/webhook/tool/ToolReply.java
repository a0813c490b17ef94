package dev.hindsight.incident.webhook.tool;

/**
 * What a tool wants to hear, where our receipt would not do: a challenge to be echoed, an empty 200.
 *
 * @param status 2xx
 * @param mediaType of the body
 * @param body may be empty
 */
public record ToolReply(int status, String mediaType, String body) {}
