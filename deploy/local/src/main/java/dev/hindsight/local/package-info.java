/**
 * Hindsight on one machine: what {@code deploy/run} starts, and what the tests of every module stand on.
 *
 * <p>{@link dev.hindsight.local.LocalPostgres} and {@link dev.hindsight.local.LocalKafka} are the real servers, from
 * Maven artifacts, each a process of its own; {@link dev.hindsight.local.Backends} is both together (tests begin at
 * {@link dev.hindsight.local.Backends#forTests()}). {@link dev.hindsight.local.LocalIdentity} signs the tokens,
 * {@link dev.hindsight.local.Stack} runs the four services on top, {@link dev.hindsight.local.Demo} plays an incident
 * through their public doors. Everything that is kept lives in one {@link dev.hindsight.local.DataDirectory}.
 */
@NullMarked
package dev.hindsight.local;

import org.jspecify.annotations.NullMarked;
