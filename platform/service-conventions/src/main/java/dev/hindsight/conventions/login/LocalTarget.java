package dev.hindsight.conventions.login;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** Where to go after signing in: a path of this service, never another place. */
final class LocalTarget {

    private static final URI HOME = URI.create("/");

    private LocalTarget() {}

    /** The path, with its query; the front page for whatever is not certainly a path of ours. */
    static URI of(@Nullable String given) {
        // "//host" and "/\host" are other hosts for a browser; so is what follows a control character that it drops.
        if (given == null
                || !given.startsWith("/")
                || given.startsWith("//")
                || given.chars().anyMatch(c -> c <= ' ' || c == '\\' || c == 0x7f)) {
            return HOME;
        }
        try {
            URI target = new URI(given);
            boolean loops = target.getPath() == null
                    || target.getPath().startsWith("/login")
                    || target.getPath().startsWith("/logout");
            return target.isAbsolute() || target.getRawAuthority() != null || loops
                    ? HOME
                    : new URI(target.toASCIIString());
        } catch (URISyntaxException e) {
            return HOME;
        }
    }
}
