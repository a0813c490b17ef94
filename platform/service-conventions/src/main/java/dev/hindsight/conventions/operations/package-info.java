/**
 * What whoever runs Hindsight does in every service: look at the events that a consumer could not apply, and have them tried
 * again or given up. The same doors everywhere, for the role {@code admin}.
 */
@NullMarked
package dev.hindsight.conventions.operations;

import org.jspecify.annotations.NullMarked;
