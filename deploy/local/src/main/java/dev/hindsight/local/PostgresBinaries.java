package dev.hindsight.local;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked once per machine into the user's cache, under the archive's own hash. */
record PostgresBinaries(Path bin) {
    static PostgresBinaries unpacked(DataDirectory directory) {
        try {
            // Read twice rather than kept: the launcher stays small.
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            try (InputStream archive = archive()) {
                archive.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), sha256));
            }
            String hash = HexFormat.of().formatHex(sha256.digest()).substring(0, 16);
            Path home = cache(directory).resolve("postgresql-" + hash);
            if (!Files.isDirectory(home)) {
                Files.createDirectories(home.getParent());
                Path draft = Files.createTempDirectory(home.getParent(), "postgresql-" + hash + ".");
                unpack(draft);
                try {
                    Files.move(draft, home);
                } catch (IOException e) {
                    // Another process was first; what it unpacked is the same.
                    DataDirectory.deleteRecursively(draft);
                    if (!Files.isDirectory(home)) {
                        throw e;
                    }
                }
            }
            return new PostgresBinaries(home.resolve("bin"));
        } catch (IOException | NoSuchAlgorithmException | IllegalStateException e) {
            throw new StartFailed(
                    "PostgreSQL cannot be unpacked for " + System.getProperty("os.name") + " "
                            + System.getProperty("os.arch") + ": " + e.getMessage() + ". " + LocalPostgres.ALTERNATIVE,
                    e);
        }
    }

    private static InputStream archive() throws IOException {
        String system = System.getProperty("os.name").startsWith("Mac") ? "Darwin" : "Linux";
        return new BufferedInputStream(
                DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, System.getProperty("os.arch")), 1 << 16);
    }

    String program(String name) {
        return bin.resolve(name).toString();
    }

    private static Path cache(DataDirectory directory) {
        Path cache = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .filter(path -> !path.isBlank())
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                .resolve("hindsight");
        try {
            Files.createDirectories(cache);
            return Files.isWritable(cache) ? cache : directory.file("cache");
        } catch (IOException e) {
            return directory.file("cache");
        }
    }

    private static void unpack(Path target) throws IOException {
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (var tar = new TarArchiveInputStream(new BufferedInputStream(new XZInputStream(archive())))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path file = target.resolve(entry.getName()).normalize();
                if (!file.startsWith(target)) {
                    throw new IOException("the archive leaves its directory: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                    continue;
                }
                Files.createDirectories(file.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, file);
                    boolean executable = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }
}
