package dev.hindsight.incident.subscription;

import dev.hindsight.incident.domain.AddressGuard;
import dev.hindsight.incident.domain.AddressGuard.Network;
import dev.hindsight.incident.domain.DeliveryPolicy;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How webhooks go out. */
@ConfigMapping(prefix = "hindsight.subscriptions")
public interface SubscriptionsConfig {

    /** Whether they may be sent without TLS; for receivers on a network of one's own. */
    @WithDefault("false")
    boolean plainHttp();

    /** Networks that they may be sent to although they are not public, such as {@code 10.1.0.0/16}; none by default. */
    Optional<List<String>> allowedNetworks();

    /** How long an attempt may take, from looking its name up to the end of the answer. */
    @WithDefault("15s")
    Duration timeout();

    /** Pauses before the second attempt, the third and so on; the last one is repeated. */
    @WithDefault("5s,30s,2m,10m,30m,1h,2h,4h,8h")
    List<Duration> pauses();

    /** Share of a pause by which chance lengthens it. */
    @WithDefault("0.2")
    double jitter();

    /** How long something is tried before it is given up, or the subscription disabled where nothing gets through. */
    @WithDefault("3d")
    Duration giveUpAfter();

    /** How many requests an instance has under way to one receiver. */
    @WithDefault("4")
    int atOnce();

    /** How many requests an instance has under way to all of them. */
    @WithDefault("32")
    int atOnceInAll();

    /** How often an instance looks by itself for what is due. */
    @WithDefault("1s")
    Duration lookEvery();

    /** How long attempts and what was sent are kept, for reading and for sending again; and what waits for a disabled one. */
    @WithDefault("30d")
    Duration retention();

    /** How often an instance looks for what has become overdue since. */
    @WithDefault("1m")
    Duration overdueEvery();

    default AddressGuard guard() {
        return new AddressGuard(
                allowedNetworks().orElse(List.of()).stream().map(Network::parse).toList(), plainHttp());
    }

    default DeliveryPolicy policy() {
        return new DeliveryPolicy(pauses(), jitter(), giveUpAfter());
    }
}
