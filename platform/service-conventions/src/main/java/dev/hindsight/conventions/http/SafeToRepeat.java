package dev.hindsight.conventions.http;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A POST of which each part is known by an id of its own, so that all of it may be sent again: it has no Idempotency-Key, no
 * If-Match, no version, and no state refuses it.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface SafeToRepeat {}
