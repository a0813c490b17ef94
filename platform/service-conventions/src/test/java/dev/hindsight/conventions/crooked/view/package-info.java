/** A room that breaks the rules on purpose. */
@NullMarked
package dev.hindsight.conventions.crooked.view;

import org.jspecify.annotations.NullMarked;
