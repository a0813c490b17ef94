package dev.hindsight.conventions.security.session;

import io.quarkus.security.identity.request.BaseAuthenticationRequest;

/** The session of a cookie that was opened. */
final class SessionCredential extends BaseAuthenticationRequest {

    private final Session session;

    SessionCredential(Session session) {
        this.session = session;
    }

    Session session() {
        return session;
    }
}
