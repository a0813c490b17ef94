package dev.hindsight.conventions.security.token;

import io.quarkus.security.identity.request.BaseAuthenticationRequest;

/** What came in the Authorization header, and has the form of an API token's secret or at least its prefix. */
final class ApiTokenCredential extends BaseAuthenticationRequest {

    private final String text;

    ApiTokenCredential(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
