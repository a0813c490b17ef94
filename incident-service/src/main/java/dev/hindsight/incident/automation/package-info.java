/**
 * What happens by itself: commands that answer what tools and people told. Everything here may be called again for the same
 * facts, and a rebuild of the views never calls it.
 */
@NullMarked
package dev.hindsight.incident.automation;

import org.jspecify.annotations.NullMarked;
