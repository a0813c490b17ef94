/**
 * The HTTP door: requests become commands, rows become answers, nothing is decided here. Viewers read; responders, who work on
 * items, propose, revise, start and complete; editors, who answer for the postmortem, accept, verify and cancel.
 */
@NullMarked
package dev.hindsight.actionitem.api;

import org.jspecify.annotations.NullMarked;
