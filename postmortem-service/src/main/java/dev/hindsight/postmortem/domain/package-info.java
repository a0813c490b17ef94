/**
 * What a postmortem is and when it is due: pure functions over the events, without clock, framework or store.
 *
 * <p>{@link dev.hindsight.postmortem.domain.PostmortemCommand} is the table of contents,
 * {@link dev.hindsight.postmortem.domain.Postmortem} the behaviour. The rules have names of their own:
 * {@link dev.hindsight.postmortem.domain.RequirementPolicy} (is one due?),
 * {@link dev.hindsight.postmortem.domain.PublicationPolicy} (may it be published?),
 * {@link dev.hindsight.postmortem.domain.AdvicePolicy} (what would make it better?). What an incident's event says in a
 * timeline is in {@link dev.hindsight.postmortem.domain.TimelineEntry}.
 */
@NullMarked
package dev.hindsight.postmortem.domain;

import org.jspecify.annotations.NullMarked;
