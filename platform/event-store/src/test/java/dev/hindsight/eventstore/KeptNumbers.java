package dev.hindsight.eventstore;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Without a registry of its own Micrometer counts nothing; tests look at the numbers. */
public class KeptNumbers {

    @Produces
    @Singleton
    public SimpleMeterRegistry registry() {
        return new SimpleMeterRegistry();
    }
}
