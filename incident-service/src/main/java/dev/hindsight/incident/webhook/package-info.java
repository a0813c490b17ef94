/**
 * The door for paging tools: one adapter a tool, which verifies what came and translates it into the signals that all
 * tools share.
 *
 * <p>{@link dev.hindsight.incident.webhook.WebhookResource} takes the raw bytes,
 * {@link dev.hindsight.incident.webhook.WebhookIntake} authenticates, translates and records facts and delivery in one
 * transaction before it answers. A new tool is a new {@link dev.hindsight.incident.webhook.ToolAdapter}. What a tool sends
 * and we do not know is recorded and answered 2xx: several tools switch a feed off that answers otherwise.
 */
@NullMarked
package dev.hindsight.incident.webhook;

import org.jspecify.annotations.NullMarked;
