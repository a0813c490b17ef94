/**
 * The whole system as users meet it: the packaged services as processes of their own on a real PostgreSQL and a real
 * broker, spoken to only through their public doors, while parts of it are killed.
 *
 * <p>{@link dev.hindsight.faults.WholeSystem} starts it once for all tests. What a test claims, it looks up at the far end:
 * in the timelines of postmortem-service and the numbers of metrics-service.
 */
@NullMarked
package dev.hindsight.faults;

import org.jspecify.annotations.NullMarked;
