/**
 * The whole system as users meet it: the packaged services as processes of their own on a real PostgreSQL and a real
 * broker, spoken to through their public doors, while parts of it are killed, poisoned, lost and rebuilt.
 *
 * <p>{@link dev.hindsight.faults.WholeSystem} starts it once for all tests. {@link dev.hindsight.faults.Load} works on it
 * through {@link dev.hindsight.faults.Doors}, {@link dev.hindsight.faults.Kills} and
 * {@link dev.hindsight.faults.Forgery} do it harm, and {@link dev.hindsight.faults.Audit} looks in stores, topics and views
 * whether every promise in the {@link dev.hindsight.faults.Ledger} was kept, once.
 */
@NullMarked
package dev.hindsight.faults;

import org.jspecify.annotations.NullMarked;
