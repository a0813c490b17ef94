package dev.hindsight.conventions.testing;

import dev.hindsight.contract.IncidentKind;
import dev.hindsight.contract.IncidentStatus;
import dev.hindsight.contract.Lifecycle;
import dev.hindsight.contract.Milestones;
import dev.hindsight.contract.Severity;
import dev.hindsight.contract.Standing;
import dev.hindsight.contract.Standing.Holder;
import dev.hindsight.contract.Standing.Pages;
import dev.hindsight.contract.Visibility;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The standing that an incident event carries, for tests that tell of an incident as incident-service would. What is not
 * told is as {@link Standing#NONE} has it.
 */
public final class Told {

    private final Lifecycle lifecycle;
    private String reference = Standing.NONE.reference();
    private String title = Standing.NONE.title();
    private Severity severity = Standing.NONE.severity();
    private List<String> services = Standing.NONE.services();
    private IncidentKind kind = Standing.NONE.kind();
    private boolean customerFacing;
    private boolean security;
    private final List<Holder> roles = new ArrayList<>();
    private @Nullable UUID acknowledger;
    private @Nullable Instant firstAlert;
    private @Nullable Pages pages;

    private Told(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    public static Told of(Lifecycle lifecycle) {
        return new Told(lifecycle);
    }

    public static Told of(IncidentStatus status) {
        return new Told(new Lifecycle(status, Milestones.NONE, 0));
    }

    /** All of it as told before, with another lifecycle. */
    public static Told like(Standing before, Lifecycle lifecycle) {
        Told told = new Told(lifecycle)
                .as(before.reference(), before.title(), before.severity())
                .services(before.services())
                .kind(before.kind());
        told.customerFacing = before.customerFacing();
        told.security = before.security();
        told.roles.addAll(before.roles());
        told.acknowledger = before.acknowledger();
        told.firstAlert = before.firstAlert();
        told.pages = before.pages();
        return told;
    }

    public Told as(String newReference, String newTitle, Severity newSeverity) {
        reference = newReference;
        title = newTitle;
        severity = newSeverity;
        return this;
    }

    public Told severity(Severity newSeverity) {
        severity = newSeverity;
        return this;
    }

    public Told services(String... names) {
        return services(List.of(names));
    }

    public Told services(List<String> names) {
        services = names;
        return this;
    }

    public Told kind(IncidentKind newKind) {
        kind = newKind;
        return this;
    }

    public Told customerFacing(boolean faces) {
        customerFacing = faces;
        return this;
    }

    public Told security() {
        security = true;
        return this;
    }

    public Told role(String role, UUID person) {
        roles.add(new Holder(role, person));
        return this;
    }

    public Told acknowledgedBy(@Nullable UUID person) {
        acknowledger = person;
        return this;
    }

    public Told firstAlert(@Nullable Instant at) {
        firstAlert = at;
        return this;
    }

    public Told pages(@Nullable Pages sent) {
        pages = sent;
        return this;
    }

    public Standing standing() {
        return new Standing(
                lifecycle,
                reference,
                title,
                severity,
                services,
                kind,
                Visibility.INTERNAL,
                customerFacing,
                security,
                roles,
                acknowledger,
                firstAlert,
                pages);
    }
}
