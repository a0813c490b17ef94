/** A service of one resource that says and does everything once, to be asked over real HTTP. */
@NullMarked
package dev.hindsight.conventions.sample;

import org.jspecify.annotations.NullMarked;
