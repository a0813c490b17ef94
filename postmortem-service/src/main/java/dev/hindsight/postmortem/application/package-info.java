/**
 * The only write path: {@link dev.hindsight.postmortem.application.PostmortemHandler} loads a postmortem, lets the domain
 * decide, and appends together with the row of the own view and the answer.
 */
@NullMarked
package dev.hindsight.postmortem.application;

import org.jspecify.annotations.NullMarked;
