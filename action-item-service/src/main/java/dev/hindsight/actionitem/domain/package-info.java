/**
 * What is true of an action item, what may be done with it, and what a good one looks like.
 *
 * <p>{@link dev.hindsight.actionitem.domain.QualityBar} judges one item, {@link
 * dev.hindsight.actionitem.domain.BalancePolicy} those of one postmortem together, {@link
 * dev.hindsight.actionitem.domain.Burndown} how they close. Pure: no clock, no ids of its own, no framework.
 */
@NullMarked
package dev.hindsight.actionitem.domain;

import org.jspecify.annotations.NullMarked;
