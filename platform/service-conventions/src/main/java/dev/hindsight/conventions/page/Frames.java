package dev.hindsight.conventions.page;

import dev.hindsight.conventions.HindsightConfig;
import dev.hindsight.conventions.security.DisplayName;
import dev.hindsight.conventions.security.Roles;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Makes the frame of a page. */
@ApplicationScoped
public class Frames {

    private static final String STYLESHEET = "/assets/hindsight.css";

    private final String home;
    private final String stylesheet;

    Frames(HindsightConfig config) {
        this.home = config.incidentUrl().resolve("/").toString();
        this.stylesheet = STYLESHEET + "?v=" + version();
    }

    /** URL of the front page. */
    public String home() {
        return home;
    }

    /** Of a page for whoever asks; null or anonymous for nobody. */
    public Frame of(@Nullable SecurityIdentity identity) {
        return new Frame(
                home,
                stylesheet,
                identity == null || identity.isAnonymous()
                        ? null
                        : new Frame.Person(DisplayName.of(identity), highestRole(identity)));
    }

    private static String highestRole(SecurityIdentity identity) {
        return Roles.ALL.reversed().stream()
                .filter(identity::hasRole)
                .findFirst()
                .orElse("no role");
    }

    private static String version() {
        try (InputStream css = Frames.class.getResourceAsStream("/META-INF/resources" + STYLESHEET)) {
            if (css == null) {
                throw new IllegalStateException(STYLESHEET + " is not on the class path");
            }
            CRC32 crc = new CRC32();
            crc.update(css.readAllBytes());
            return Long.toHexString(crc.getValue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
