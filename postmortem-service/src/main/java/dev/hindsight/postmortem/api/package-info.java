/**
 * The doors for people and portals: translation between HTTP and commands or queries, and nothing else.
 *
 * <p>{@link dev.hindsight.postmortem.api.PostmortemResource} is the document, {@link
 * dev.hindsight.postmortem.api.TimelineResource} the record that it builds on, {@link
 * dev.hindsight.postmortem.api.RequirementResource} whether one is due. {@link
 * dev.hindsight.postmortem.api.PostmortemDocument} is the JSON of a postmortem, {@link
 * dev.hindsight.postmortem.api.MarkdownDocument} its text.
 */
@NullMarked
package dev.hindsight.postmortem.api;

import org.jspecify.annotations.NullMarked;
