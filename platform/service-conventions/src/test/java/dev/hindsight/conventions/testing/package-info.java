/**
 * What the tests of the four services share (published as this module's test-jar). Annotate a test with
 * {@code @QuarkusTest @QuarkusTestResource(HindsightBackends.class)} to get a database of its own on the real PostgreSQL and
 * the real broker, and {@link dev.hindsight.conventions.testing.Tokens} to come in. These tests are subclasses of two lines:
 * {@link dev.hindsight.conventions.testing.OperationRoleMatrix},
 * {@link dev.hindsight.conventions.testing.OpenApiDocumentTest},
 * {@link dev.hindsight.conventions.testing.PositionsOfOtherTopics}, {@link dev.hindsight.conventions.testing.FrontDoor} and
 * {@link dev.hindsight.conventions.testing.RoomsRules}.
 */
@NullMarked
package dev.hindsight.conventions.testing;

import org.jspecify.annotations.NullMarked;
