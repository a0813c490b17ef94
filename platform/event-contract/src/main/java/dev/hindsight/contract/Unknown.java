package dev.hindsight.contract;

/**
 * An event of a type that this version of the code does not know: written by a newer one.
 *
 * @param type the wire name as it stood in the header
 */
public record Unknown(String type) implements DomainEvent {}
