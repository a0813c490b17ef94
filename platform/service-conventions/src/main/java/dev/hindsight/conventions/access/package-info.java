/**
 * RESTRICTED: who may see an incident, and everything that belongs to one.
 *
 * <p>Admins see all; a restricted incident is seen by its participants besides: people of the catalog with a role, page or
 * action item on it, or added. To all others it does not exist: 404, and absent from lists. It is judged by the state at the
 * moment of reading (kept in every service's own database by {@link dev.hindsight.conventions.access.AccessProjection} and
 * {@link dev.hindsight.conventions.access.ItemAccessProjection}), also
 * for questions about the past.
 *
 * <p>Every query whose rows belong to an incident takes a {@link dev.hindsight.conventions.access.Reader} (from
 * {@link dev.hindsight.conventions.access.CurrentReader}) and puts {@link dev.hindsight.conventions.access.Visible} among its
 * conditions; {@link dev.hindsight.conventions.access.Access} answers for a single incident. What the service itself appends
 * is kept by {@link dev.hindsight.conventions.access.AccessChanges} in the statement that appends it.
 */
@NullMarked
package dev.hindsight.conventions.access;

import org.jspecify.annotations.NullMarked;
