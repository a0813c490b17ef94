/**
 * How a webhook proves where it comes from: one type a scheme, each over the raw bytes of a
 * {@link dev.hindsight.incident.webhook.verify.WebhookRequest}.
 *
 * <p>Every comparison takes constant time and looks at all secrets and all signatures, so that a rotation keeps two valid;
 * where the tool signs a time, what is further than five minutes from ours is refused. A
 * {@link dev.hindsight.incident.webhook.verify.Verdict} says why, for whoever sets an integration up; the tool hears 401.
 */
@NullMarked
package dev.hindsight.incident.webhook.verify;

import org.jspecify.annotations.NullMarked;
