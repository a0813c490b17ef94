package dev.hindsight.contract;

/**
 * One point in which an action item misses the quality bar (seed 000).
 *
 * @param code stable, such as {@code OWNER_MISSING}
 * @param field of the item
 * @param message what is missing
 * @param suggestion what would meet the bar
 */
public record QualityFinding(String code, String field, String message, String suggestion) {}
