/**
 * The figures of Hindsight on this machine, each beside the floor that the machine itself sets in the same minutes.
 *
 * <p>{@link dev.hindsight.bench.Main} is the command line; each {@link dev.hindsight.bench.Row} of the table of targets is a
 * class of its own: it seeds what it needs, measures in interleaved rounds and hands {@link dev.hindsight.bench.Figure}s
 * back. The stack is the one that {@code deploy/run} starts, on a data directory of the bench.
 */
@NullMarked
package dev.hindsight.bench;

import org.jspecify.annotations.NullMarked;
