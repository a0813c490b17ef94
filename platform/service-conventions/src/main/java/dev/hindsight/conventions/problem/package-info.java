/**
 * How every door says no: problem+json (RFC 9457), built in one place.
 *
 * <p>{@link dev.hindsight.conventions.problem.ProblemMappers} turns each exception into a
 * {@link dev.hindsight.conventions.problem.Problem}; {@link dev.hindsight.conventions.problem.ProblemType} lists the kinds
 * there are. Throw {@code Refused} (409) and {@code Invalid} (400) from the domain, and
 * {@link dev.hindsight.conventions.problem.NotFound}, {@link dev.hindsight.conventions.problem.PreconditionRequired},
 * {@link dev.hindsight.conventions.problem.TooManyRequests} from a resource. What nobody expected is a 500 that says
 * nothing but the trace id, under which the log says everything.
 */
@NullMarked
package dev.hindsight.conventions.problem;

import org.jspecify.annotations.NullMarked;
