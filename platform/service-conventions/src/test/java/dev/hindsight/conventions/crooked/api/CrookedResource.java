package dev.hindsight.conventions.crooked.api;

/** In a package that nobody has marked. */
public class CrookedResource {}
