/**
 * How a domain says no. {@link dev.hindsight.contract.refusal.Refused} is a rule that forbids a command in the state as
 * it is; {@link dev.hindsight.contract.refusal.Invalid} is a command that could not be right in any state. Both carry
 * codes that clients may rely on and sentences that people can act upon; the services map them to problem+json
 * (RFC 9457) in one place.
 */
@NullMarked
package dev.hindsight.contract.refusal;

import org.jspecify.annotations.NullMarked;
