/**
 * What Hindsight knows about each tool's webhooks: one adapter a tool, in a class of the tool's name.
 *
 * <p>A {@link dev.hindsight.incident.webhook.tool.ToolAdapter} names how its tool proves itself, translates a delivery into
 * {@link dev.hindsight.incident.webhook.tool.ToolFact}s and knows the steps that connect it;
 * {@link dev.hindsight.incident.webhook.tool.Provider} lists them all. Adapters are pure: no state, no clock, no I/O, so that a
 * test of a whole lifecycle in any order takes milliseconds, and a delivery can be judged again whenever somebody asks.
 *
 * <p>A fact's key is its identity, and what it says must follow from the key alone: facts that several deliveries tell in
 * different words would make the incident depend on which came first. {@link dev.hindsight.incident.webhook.tool.Bodies} and
 * {@link dev.hindsight.incident.webhook.tool.Fields} read leniently; what is not of a tool's shape at all is
 * {@link dev.hindsight.incident.webhook.tool.Untranslatable} and parked. A tool without a class of its own is read by a
 * {@link dev.hindsight.incident.webhook.tool.GenericMapping}.
 */
@NullMarked
package dev.hindsight.incident.webhook.tool;

import org.jspecify.annotations.NullMarked;
