package dev.hindsight.eventstore;

/**
 * Identity of a request that must be applied once: the same key and body get the same answer, another body is refused.
 *
 * @param subject of the token
 * @param method HTTP method
 * @param path of the request, without its query
 * @param key the {@code Idempotency-Key} header
 * @param fingerprint SHA-256 of the body
 */
public record IdempotencyKey(String subject, String method, String path, String key, byte[] fingerprint) {}
