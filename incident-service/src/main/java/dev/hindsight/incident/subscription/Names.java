package dev.hindsight.incident.subscription;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.util.List;

/** Looks names up, away from the event loop. */
@ApplicationScoped
class Names {

    private final Vertx vertx;

    Names(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Every address of it; fails with {@link java.net.UnknownHostException} where it has none. */
    Future<List<InetAddress>> addresses(String host) {
        return vertx.executeBlocking(() -> List.of(InetAddress.getAllByName(host)), false);
    }
}
