/**
 * The door for another system's past: incidents with their history, streamed in, any number of them.
 *
 * <p>{@link dev.hindsight.incident.imports.ImportResource} takes the stream and answers while it reads.
 * {@link dev.hindsight.incident.imports.NdjsonLines} and {@link dev.hindsight.incident.imports.CsvLines} read one incident
 * after the other as an {@link dev.hindsight.incident.imports.ImportLine}; {@link dev.hindsight.incident.imports.PastReader}
 * checks it and says what it means; {@link dev.hindsight.incident.imports.ImportRun} records many at once. A line that is not
 * right is told and left out. Everything may be sent again: what is recorded already changes nothing.
 */
@NullMarked
package dev.hindsight.incident.imports;

import org.jspecify.annotations.NullMarked;
