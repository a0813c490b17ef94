/**
 * The door for paging tools, and how they are connected.
 *
 * <p>{@link dev.hindsight.incident.webhook.WebhookResource} takes the raw bytes,
 * {@link dev.hindsight.incident.webhook.WebhookIntake} authenticates, translates and records facts and delivery in one
 * transaction before it answers. How tools prove themselves is in {@code verify}, what they say in {@code tool}: a new tool is
 * a new {@link dev.hindsight.incident.webhook.tool.ToolAdapter}. {@link dev.hindsight.incident.webhook.AlertGrouping} decides
 * which incident an alert belongs to. What a tool sends and we do not know is recorded and answered 2xx: several tools switch a
 * feed off that answers otherwise.
 */
@NullMarked
package dev.hindsight.incident.webhook;

import org.jspecify.annotations.NullMarked;
