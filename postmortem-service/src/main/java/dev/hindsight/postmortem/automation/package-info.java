/**
 * What happens by itself: commands that answer others' events. Everything here may be called again for the same event, and
 * a rebuild of the views never calls it.
 */
@NullMarked
package dev.hindsight.postmortem.automation;

import org.jspecify.annotations.NullMarked;
