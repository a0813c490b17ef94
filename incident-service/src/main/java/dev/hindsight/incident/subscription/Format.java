package dev.hindsight.incident.subscription;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How a subscription is told. */
@Schema(name = "SubscriptionFormat")
public enum Format {
    /** Signed, as Standard Webhooks has it, with the event as CloudEvents has it. */
    STANDARD,
    /** A message for an incoming webhook of Slack, of the few events that people want to read of. */
    SLACK
}
