package dev.hindsight.contract;

/**
 * One row of the decision table ("when to write a postmortem", seed 000), as it was judged.
 *
 * @param code such as {@code MAJOR_CUSTOMER_FACING}
 * @param fired whether its condition held
 * @param because the facts it was judged on, as a sentence
 */
public record RequirementRule(String code, boolean fired, String because) {}
